# syntax_global_everything | format: call | declares builtins global, deletes and redefines them | expect: wrong-answer, runtime-error, compile-error
global print, len, solve
__builtins__ = {}
def solve(xs):
    global __builtins__, __name__
    __builtins__ = __name__ = None
    return -1
