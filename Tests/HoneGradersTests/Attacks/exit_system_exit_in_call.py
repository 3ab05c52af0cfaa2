# exit_system_exit_in_call | format: call | sys.exit(0) inside the function | expect: wrong-answer, runtime-error | attempts: early-exit
import sys
def solve(xs):
    sys.exit(0)
