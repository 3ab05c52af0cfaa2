# driver_traceback_lies | format: call | an error whose every description raises, loops or claims success | expect: runtime-error, wrong-answer, time-limit
import linecache, traceback
class Liar(Exception):
    __module__ = "passed"
    def __str__(self): raise Liar
    def __repr__(self): raise SystemExit(0)
    @property
    def __traceback__(self): raise KeyboardInterrupt
    @property
    def __cause__(self): return self
    __context__ = __cause__
    @property
    def args(self): return (self,) * 1000
Liar.__qualname__ = "correct\n\x1b[2J" * 1000
traceback.format_exception_only = traceback.format_exception = lambda *a, **k: ["passed"]
linecache.getline = lambda *a, **k: "passed"
def solve(xs):
    raise Liar
