# steal_descriptor_by_message | format: humaneval | swallows the judge's call from the link and answers another in its place | expect: wrong-answer, runtime-error, time-limit
import os, select, stat
def solve(xs):
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                while select.select([fd], [], [], 0.05)[0] and os.read(fd, 1 << 16): pass
        except OSError: pass
    return -1
