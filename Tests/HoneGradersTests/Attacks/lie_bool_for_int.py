# lie_bool_for_int | format: call | True for any inversion at all | expect: wrong-answer
def solve(xs):
    return any(a > b for i, a in enumerate(xs) for b in xs[i:])
