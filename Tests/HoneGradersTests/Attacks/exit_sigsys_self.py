# exit_sigsys_self | format: call | pretends that the system call filter struck | expect: forbidden, runtime-error, wrong-answer
import os, signal
def solve(xs):
    os.kill(os.getpid(), signal.SIGSYS)
    return -1
