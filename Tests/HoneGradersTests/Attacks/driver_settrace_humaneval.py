# driver_settrace_humaneval | format: humaneval | traces from the loading of the module on and turns every comparison's result | expect: wrong-answer, runtime-error, time-limit
import sys
def trace(frame, event, argument):
    for name in ("result", "value", "expected", "passed", "ok"):
        if name in frame.f_locals: frame.f_locals[name] = True
    if event == "exception": frame.f_locals.clear()
    return trace
sys.settrace(trace)
def solve(xs):
    return -1
