# exit_excepthook_zero | format: call | every hook for uncaught errors exits with 0 | expect: runtime-error
import os, sys, threading
leave = lambda *a: os._exit(0)
sys.excepthook = sys.__excepthook__ = sys.unraisablehook = threading.excepthook = leave
def solve(xs):
    raise ValueError("never right")
