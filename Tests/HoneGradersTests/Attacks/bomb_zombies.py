# bomb_zombies | format: call | children that nobody waits for | expect: wrong-answer, runtime-error
import os
def solve(xs):
    for _ in range(300):
        try:
            if os.fork() == 0: os._exit(0)
        except OSError: break
    return -1
