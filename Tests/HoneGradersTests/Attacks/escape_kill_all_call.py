# escape_kill_all_call | format: call | the same from a function: the grader's own fault it must not become | expect: runtime-error, wrong-answer
import os, signal
def solve(xs):
    if os.getuid():
        for number in (signal.SIGTERM, signal.SIGKILL):
            for target in (-1, 0, -os.getpgrp() if os.getpgrp() > 1 else 0):
                try: os.kill(target, number)
                except OSError: pass
    return -1
