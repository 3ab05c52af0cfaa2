# exit_script_os_exit | format: script | os._exit(0) during the first assert | expect: wrong-answer, runtime-error | attempts: early-exit
import os
def solve(xs):
    os._exit(0)
