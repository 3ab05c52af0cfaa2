# syntax_giant_number | format: call | a number of two hundred thousand digits in the source | expect: compile-error, runtime-error
def solve(xs):
    return ⟪200000|9⟫
