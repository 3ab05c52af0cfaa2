# driver_hooks | format: call | every hook that Python offers agrees with everything | expect: wrong-answer, runtime-error
import builtins, codecs, gc, os, sys, threading
leave = lambda *a, **k: 0
sys.displayhook = sys.breakpointhook = sys.unraisablehook = sys.excepthook = threading.excepthook = leave
os.register_at_fork(before=leave, after_in_child=leave, after_in_parent=leave)
builtins.__import__ = builtins.__build_class__ = builtins.open = builtins.print = leave
codecs.register_error("strict", lambda e: ("0", e.end))
codecs.register(lambda name: None)
gc.callbacks.append(leave)
def solve(xs):
    return -1
