# exit_fork_both_return | format: call | after a fork two processes return, one wrong and one as told by the visible examples | expect: wrong-answer, runtime-error, forbidden
import os
def solve(xs):
    if os.fork() == 0: return 2
    return 0
