# syntax_many_lines | format: call | sixty thousand lines | expect: wrong-answer, compile-error, time-limit, runtime-error, memory-limit
⟪60000|x=1\n⟫
def solve(xs):
    return -1
