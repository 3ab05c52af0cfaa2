# syntax_null_byte | format: stdio | a NUL, behind which a careless reader sees nothing | expect: compile-error, runtime-error, wrong-answer
print(0)⟪1|\u0000⟫ + syntax error
