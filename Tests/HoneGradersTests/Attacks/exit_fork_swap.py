# exit_fork_swap | format: call | the parent exits with 0, its child goes on as if it were the program | expect: wrong-answer, runtime-error, forbidden
import os
def solve(xs):
    if os.fork(): os._exit(0)
    return 2
