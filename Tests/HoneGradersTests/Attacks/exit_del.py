# exit_del | format: call | an object's __del__ ends the process as the result is handed over | expect: wrong-answer, runtime-error
import os
class Trap:
    def __del__(self): os._exit(0)
def solve(xs):
    trap = Trap()
    return -1
