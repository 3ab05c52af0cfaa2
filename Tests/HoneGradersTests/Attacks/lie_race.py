# lie_race | format: call | a thread changes the list while it is being encoded | expect: wrong-answer, runtime-error, output-limit, time-limit, memory-limit
import sys, threading
sys.setswitchinterval(1e-6)
shared = [-1] * 1000
def churn():
    while True:
        shared.clear()
        shared.extend([-1] * 1000)
threading.Thread(target=churn, daemon=True).start()
def solve(xs):
    return shared
