# exit_signal_handler | format: call | an interval timer's handler exits with 0 | expect: wrong-answer, runtime-error | attempts: early-exit
import os, signal
signal.signal(signal.SIGALRM, lambda *a: os._exit(0))
signal.setitimer(signal.ITIMER_REAL, 0.02)
def solve(xs):
    while True: pass
