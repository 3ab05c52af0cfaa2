# syntax_nested_parentheses | format: call | a hundred thousand parentheses | expect: compile-error, runtime-error
def solve(xs):
    return ⟪100000|(⟫0⟪100000|)⟫
