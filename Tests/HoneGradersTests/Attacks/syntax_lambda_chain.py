# syntax_lambda_chain | format: call | a function in a function, twenty thousand times | expect: compile-error, runtime-error
solve = ⟪20000|lambda xs:⟫0
