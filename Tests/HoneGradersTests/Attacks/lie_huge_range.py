# lie_huge_range | format: call | a range that takes a lifetime to list | expect: wrong-answer
def solve(xs):
    return range(-10**30, 10**30)
