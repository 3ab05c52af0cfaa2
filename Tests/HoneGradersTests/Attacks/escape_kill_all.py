# escape_kill_all | format: stdio | kills everything that it may signal, then its group | expect: runtime-error, wrong-answer
import os, signal
if os.getuid():
    for target in (-1, 0):
        try: os.kill(target, signal.SIGKILL)
        except OSError: pass
print(-1)
