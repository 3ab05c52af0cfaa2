# driver_code_swap | format: call | the code objects of the callers' functions are swapped for its own | expect: wrong-answer, runtime-error, time-limit
import sys, types
def agree(*a, **k): return b"i\x01\x00\x00\x000"
def solve(xs):
    frame = sys._getframe(1)
    while frame:
        for value in list(frame.f_globals.values()):
            if isinstance(value, types.FunctionType) and value is not agree:
                try: value.__code__ = agree.__code__
                except ValueError: pass
        frame = frame.f_back
    return -1
