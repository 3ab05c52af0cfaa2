# lie_wide_bomb | format: call | small in memory, exponential when written out | expect: wrong-answer, output-limit, runtime-error, time-limit, memory-limit
def solve(xs):
    a = [0, 0]
    for _ in range(60): a = [a, a]
    return a
