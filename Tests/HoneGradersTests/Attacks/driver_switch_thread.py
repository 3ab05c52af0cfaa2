# driver_switch_thread | format: call | never gives the interpreter back to the driver's thread | expect: time-limit, wrong-answer, runtime-error
import sys, threading
def hog():
    while True: pass
def solve(xs):
    sys.setswitchinterval(1e6)
    threading.Thread(target=hog, daemon=True).start()
    import time
    time.sleep(0)
    while True: time.sleep(0)
