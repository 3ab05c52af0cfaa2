# exit_sigxcpu_self | format: call | pretends that the CPU limit struck | expect: runtime-error, time-limit, wrong-answer
import os, signal
def solve(xs):
    os.kill(os.getpid(), signal.SIGXCPU)
    return -1
