# syntax_dictionary_chain | format: call | subscripts, slices and unpackings that hold one another | expect: compile-error, runtime-error
def solve(xs):
    return xs⟪60000|[0:⟫0⟪60000|]⟫
