# bomb_sleep_humaneval | format: humaneval | sleeps in the call while the judge waits | expect: time-limit
import time
def solve(xs):
    time.sleep(1000)
