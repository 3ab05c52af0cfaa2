# driver_blocking_results | format: call | makes the results channel non-blocking and full before returning | expect: wrong-answer, runtime-error, output-limit, time-limit, forbidden
import os
def solve(xs):
    for fd in range(3, 64):
        try:
            os.set_blocking(fd, False)
            while os.write(fd, b"\x00" * 4096): pass
        except OSError: pass
    return -1
