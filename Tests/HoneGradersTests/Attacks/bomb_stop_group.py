# bomb_stop_group | format: call | stops its whole process group, and all that it may signal | expect: time-limit, wrong-answer, runtime-error
import os, signal
def solve(xs):
    if os.getuid():
        for target in (0, -1):
            try: os.kill(target, signal.SIGSTOP)
            except OSError: pass
    return -1
