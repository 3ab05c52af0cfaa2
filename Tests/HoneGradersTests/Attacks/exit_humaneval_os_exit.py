# exit_humaneval_os_exit | format: humaneval | os._exit(0) inside check | expect: wrong-answer, runtime-error | attempts: early-exit
import os
def solve(xs):
    os._exit(0)
