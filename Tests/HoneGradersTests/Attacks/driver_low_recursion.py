# driver_low_recursion | format: call | hardly any stack is left for the driver: its trouble is the program's fault | expect: wrong-answer, runtime-error
import sys
def solve(xs):
    depth, frame = 0, sys._getframe()
    while frame: depth, frame = depth + 1, frame.f_back
    for spare in range(1, 20):
        try: sys.setrecursionlimit(depth + spare); break
        except RecursionError: pass
    return [[[[[[[[-1]]]]]]]]
