# bomb_open_files | format: call | takes every descriptor there is before it returns | expect: wrong-answer, runtime-error
import os
def solve(xs):
    try:
        while True: os.dup(0)
    except OSError: pass
    return -1
