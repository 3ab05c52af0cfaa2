# syntax_null_byte_in_text | format: call | a NUL in a string | expect: compile-error, runtime-error, wrong-answer
def solve(xs):
    return "0⟪1|\u0000⟫0"
