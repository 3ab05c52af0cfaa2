# exit_os_exit_at_import | format: call | os._exit(0) while the module loads | expect: wrong-answer, runtime-error | attempts: early-exit
import os
os._exit(0)
def solve(xs):
    return -1
