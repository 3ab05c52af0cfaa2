# lie_nan | format: call | not a number, alone and in a list that is identical to itself | expect: wrong-answer
nan = float("nan")
def solve(xs):
    return [nan] if xs else nan
