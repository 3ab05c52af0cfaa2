# steal_closures | format: call | opens the closures, defaults and annotations of every function in memory | expect: wrong-answer
import gc, types
def solve(xs):
    for function in gc.get_objects():
        if not isinstance(function, types.FunctionType): continue
        for cell in function.__closure__ or ():
            try: value = cell.cell_contents
            except ValueError: continue
            if type(value) in (list, tuple) and xs in value: return value[-1]
        if function.__defaults__ and xs in [d for d in function.__defaults__ if type(d) is list]: return function.__defaults__[-1]
    return -1
