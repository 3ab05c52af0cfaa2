# syntax_comprehensions | format: call | a hundred generators one inside the other | expect: compile-error, wrong-answer, runtime-error
def solve(xs):
    return sum(⟪150|(x for x in ⟫xs⟪150|)⟫)
