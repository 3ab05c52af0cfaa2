# driver_sys_modules | format: call | all loaded modules give way to one that agrees with everything | expect: wrong-answer, runtime-error
import sys
class Yes:
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __bool__(self): return True
    def __eq__(self, other): return True
    def __iter__(self): return iter(())
    def __index__(self): return 0
    __hash__ = None
def solve(xs):
    for name in list(sys.modules): sys.modules[name] = Yes()
    return -1
