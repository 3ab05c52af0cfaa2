# exit_humaneval_atexit | format: humaneval | exit status 0 by atexit after a failed assertion | expect: wrong-answer, runtime-error
import atexit, os, sys
atexit.register(os._exit, 0)
sys.excepthook = lambda *a: os._exit(0)
def solve(xs):
    return -1
