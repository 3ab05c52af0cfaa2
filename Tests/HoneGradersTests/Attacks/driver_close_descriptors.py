# driver_close_descriptors | format: call | no descriptor is left to answer on | expect: wrong-answer, runtime-error
import os
def solve(xs):
    os.closerange(0, 1 << 16)
    return 0
