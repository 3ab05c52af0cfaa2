# driver_settrace | format: call | tracing and profiling functions that rewrite the driver's variables after the return | expect: wrong-answer, runtime-error, time-limit
import ctypes, sys, threading
store = ctypes.pythonapi.PyFrame_LocalsToFast
store.argtypes = (ctypes.py_object, ctypes.c_int)
def trace(frame, event, argument):
    space = frame.f_locals
    for name, value in list(space.items()):
        if value == -1: space[name] = 0
        elif value is False: space[name] = True
    store(frame, 0)
    return trace
def solve(xs):
    frame = sys._getframe()
    while frame:
        frame.f_trace = trace
        frame.f_trace_opcodes = True
        frame = frame.f_back
    sys.settrace(trace)
    sys.setprofile(lambda *a: trace(*a) and None)
    threading.settrace(trace)
    return -1
