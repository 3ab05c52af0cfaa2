# driver_main_module | format: call | every function of __main__ is replaced by one that agrees | expect: wrong-answer, runtime-error
import __main__, types
def solve(xs):
    for name, value in list(vars(__main__).items()):
        if isinstance(value, types.FunctionType): setattr(__main__, name, lambda *a, **k: b"i\x01\x00\x00\x000")
    return -1
