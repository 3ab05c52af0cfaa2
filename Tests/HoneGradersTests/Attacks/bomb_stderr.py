# bomb_stderr | format: humaneval | endless standard error | expect: output-limit, time-limit
import os
def solve(xs):
    while True: os.write(2, b"E" * 65536)
