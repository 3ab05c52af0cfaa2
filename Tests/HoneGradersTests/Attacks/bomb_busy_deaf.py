# bomb_busy_deaf | format: call | an endless loop that blocks and ignores every signal and swallows every exception | expect: time-limit
import signal
def solve(xs):
    for number in range(1, 65):
        try: signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError): pass
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True:
        try:
            while True: pass
        except BaseException: pass
