# driver_swap_descriptors | format: call | output and results change places, inputs become outputs | expect: wrong-answer, runtime-error, forbidden
import os
def solve(xs):
    for fd in range(3, 16):
        try:
            os.dup2(1, 100)
            os.dup2(fd, 1)
            os.dup2(100, fd)
        except OSError: pass
    print("V" * 1000, flush=True)
    return -1
