# exit_faulthandler | format: call | the watchdog of faulthandler ends the process from a C thread | expect: wrong-answer, runtime-error
import faulthandler, os
faulthandler.dump_traceback_later(0.05, exit=True, file=os.open("/dev/null", os.O_WRONLY) if os.path.exists("/dev/null") else 1)
def solve(xs):
    while True: pass
