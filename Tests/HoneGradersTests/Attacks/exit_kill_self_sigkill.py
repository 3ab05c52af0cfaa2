# exit_kill_self_sigkill | format: call | SIGKILL from its own hand must not read as a limit of the grader or a fault of its machinery | expect: runtime-error, wrong-answer
import os, signal
def solve(xs):
    os.kill(os.getpid(), signal.SIGKILL)
