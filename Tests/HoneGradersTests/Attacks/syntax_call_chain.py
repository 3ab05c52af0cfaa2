# syntax_call_chain | format: call | a call of a call, a hundred thousand times | expect: compile-error, runtime-error
def solve(xs):
    return xs⟪100000|()⟫
