# driver_redefine_assert_script | format: script | compiles asserts away for whatever is compiled later, and defines solve anew at each look | expect: wrong-answer, runtime-error
import builtins, sys
compile_ = builtins.compile
builtins.compile = lambda source, name="", mode="exec", *a, **k: compile_("pass", name, "exec")
builtins.exec = builtins.eval = lambda *a, **k: None
sys.flags = type("Flags", (), {"optimize": 2, "__getattr__": lambda self, name: 0})()
def solve(xs):
    return -1
