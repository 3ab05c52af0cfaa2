# driver_signal_storm | format: call | a timer fires into the driver a thousand times a second and its handler raises | expect: wrong-answer, runtime-error
import signal
def handler(*a): raise SystemExit(0)
def solve(xs):
    for number in (signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF): signal.signal(number, handler)
    for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF): signal.setitimer(timer, 0.001, 0.001)
    return [-1] * 50_000
