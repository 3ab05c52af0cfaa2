# exit_atexit_zero | format: call | atexit turns the exit status of a raised error into 0 | expect: runtime-error
import atexit, os
atexit.register(os._exit, 0)
def solve(xs):
    raise ValueError("never right")
