# syntax_too_long | format: call | more program than anyone writes: ten megabytes of it | expect: compile-error, wrong-answer, runtime-error
⟪1000000|# nothing\n⟫
def solve(xs):
    return -1
