# forge_link_slow_drip | format: humaneval | answers one byte a second, so that the judge waits at the grader's expense | expect: time-limit, wrong-answer, runtime-error, forbidden
import os, stat, time
def solve(xs):
    while True:
        for fd in range(3, 64):
            try:
                if stat.S_ISSOCK(os.fstat(fd).st_mode): os.write(fd, b"\x00")
            except OSError: pass
        time.sleep(1)
