# bomb_stdout_then_value | format: call | a hundred megabytes of output, then a wrong value | expect: output-limit, wrong-answer
import sys
def solve(xs):
    for _ in range(1600): sys.stdout.write("x" * 65536)
    return -1
