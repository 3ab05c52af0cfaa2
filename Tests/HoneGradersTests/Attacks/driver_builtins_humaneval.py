# driver_builtins_humaneval | format: humaneval | the same, hoping that the assertions see the patched names | expect: wrong-answer, runtime-error
import builtins
for name in ("all", "any", "isinstance", "callable", "issubclass"): setattr(builtins, name, lambda *a: True)
builtins.AssertionError = type("AssertionError", (Warning,), {})
builtins.abs = builtins.len = builtins.sum = lambda *a: 0
builtins.sorted = builtins.set = builtins.zip = lambda *a, **k: []
__debug__1 = False
def check(candidate): return None
def solve(xs):
    return -1
