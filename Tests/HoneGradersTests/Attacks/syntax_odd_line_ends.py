# syntax_odd_line_ends | format: stdio | carriage returns alone, form feeds, vertical tabs, Unicode line separators | expect: compile-error, runtime-error, wrong-answer
print(-1)⟪1|\r⟫print(-2)⟪1|\f⟫⟪1|\u000b⟫⟪1|\u2028⟫print(-3)
