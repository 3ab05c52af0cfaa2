# exit_del_module | format: call | a finaliser in the module's dictionary raises SystemExit at the end | expect: wrong-answer
import sys, weakref
class Trap: pass
trap = Trap()
weakref.finalize(trap, sys.exit, 0)
def solve(xs):
    globals().pop("trap", None)
    return -1
