# syntax_minus_chain | format: stdio | a hundred thousand signs before a number | expect: compile-error, runtime-error
print(⟪100000|-⟫1)
