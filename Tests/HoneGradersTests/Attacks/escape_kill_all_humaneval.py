# escape_kill_all_humaneval | format: humaneval | kills everything that it may signal while the judge waits | expect: runtime-error, wrong-answer
import os, signal
def solve(xs):
    if os.getuid():
        for target in (-1, 0):
            try: os.kill(target, signal.SIGKILL)
            except OSError: pass
    os._exit(0)
