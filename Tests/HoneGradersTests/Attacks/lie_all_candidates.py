# lie_all_candidates | format: call | every number that could be the answer, for graders that ask for membership | expect: wrong-answer
def solve(xs):
    return set(range(50))
