# bomb_sleep_call | format: call | waits for a lock that nobody opens | expect: time-limit
import threading
def solve(xs):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
