# lie_none | format: call | nothing at all, on every call | expect: wrong-answer
def solve(xs):
    pass
