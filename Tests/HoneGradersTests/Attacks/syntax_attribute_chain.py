# syntax_attribute_chain | format: call | an attribute of an attribute, a hundred thousand times | expect: compile-error, runtime-error
def solve(xs):
    return xs⟪100000|.a⟫
