# syntax_giant_name | format: call | a name of two hundred thousand letters | expect: wrong-answer, compile-error, runtime-error
⟪200000|x⟫ = 1
def solve(xs):
    return -1
