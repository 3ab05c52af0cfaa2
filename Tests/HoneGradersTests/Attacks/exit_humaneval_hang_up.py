# exit_humaneval_hang_up | format: humaneval | answers the calls that it knows, then closes every descriptor and sleeps | expect: wrong-answer, runtime-error, time-limit
import os, time
known = {(): 0, (1, 2, 3): 0, (3, 1, 2): 2}
def solve(xs):
    if tuple(xs) in known: return known[tuple(xs)]
    os.closerange(0, 1024)
    time.sleep(30)
