# syntax_warning_flood | format: call | fifteen thousand warnings of the compiler | expect: wrong-answer, compile-error, output-limit, runtime-error, time-limit
⟪15000|if 1 is 1: ''\n⟫
def solve(xs):
    return -1
