# bomb_stdout | format: call | endless standard output where a value is asked for | expect: output-limit
def solve(xs):
    while True: print("x" * 65536)
