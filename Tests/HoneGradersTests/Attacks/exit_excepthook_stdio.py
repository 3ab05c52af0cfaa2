# exit_excepthook_stdio | format: stdio | wrong output, then an error whose hook exits with 0 | expect: wrong-answer, runtime-error
import os, sys
sys.excepthook = lambda *a: os._exit(0)
print(-1, flush=True)
raise ValueError
