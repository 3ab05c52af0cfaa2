# bomb_recursion | format: call | recursion without end and without a limit | expect: runtime-error, memory-limit, time-limit
import sys
sys.setrecursionlimit(2**31 - 1)
def solve(xs):
    return solve(xs) + 1
