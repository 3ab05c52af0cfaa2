# exit_kill_self | format: call | ends itself with SIGTERM | expect: runtime-error
import os, signal
def solve(xs):
    os.kill(os.getpid(), signal.SIGTERM)
    return -1
