# lie_wrapped | format: call | the right number inside a list, for graders that look at the first element | expect: wrong-answer
def solve(xs):
    return [sum(a > b for i, a in enumerate(xs) for b in xs[i:])]
