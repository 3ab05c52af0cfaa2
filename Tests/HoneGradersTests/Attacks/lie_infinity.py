# lie_infinity | format: script | infinity, for which every relative tolerance is wide enough | expect: wrong-answer
def solve(xs):
    return float("inf")
