# syntax_boolean_chain | format: stdio | not not not ... and a conditional in a conditional | expect: compile-error, runtime-error, wrong-answer
print(⟪15000|not ⟫1, ⟪15000|1 if 1 else ⟫0)
