# syntax_operator_chain | format: stdio | a sum of a hundred thousand ones | expect: compile-error, runtime-error, wrong-answer
print(⟪100000|1+⟫1)
