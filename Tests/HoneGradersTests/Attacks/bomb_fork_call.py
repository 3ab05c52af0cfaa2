# bomb_fork_call | format: call | a tree of children that all return | expect: wrong-answer, runtime-error, time-limit, forbidden
import os
def solve(xs):
    if os.getuid():
        for _ in range(8):
            try: os.fork()
            except OSError: pass
    return -1
