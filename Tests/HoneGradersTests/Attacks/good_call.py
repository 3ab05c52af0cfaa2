def solve(xs):
    return sum(a > b for i, a in enumerate(xs) for b in xs[i + 1:])
