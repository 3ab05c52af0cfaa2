# bomb_comparison | format: call | exponential comparison of small containers in its own process | expect: time-limit, runtime-error, memory-limit
def solve(xs):
    a, b = [0], [0]
    for _ in range(60): a, b = [a, a], [b, b]
    return a == b
