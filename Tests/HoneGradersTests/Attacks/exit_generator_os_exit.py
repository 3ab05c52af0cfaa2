# exit_generator_os_exit | format: call | returns a generator whose body ends the process when it is drained | expect: wrong-answer, runtime-error
import os
def solve(xs):
    return (os._exit(0) for _ in range(3))
