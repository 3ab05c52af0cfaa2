# syntax_tabs | format: stdio | tabs and spaces that mean one thing to people and another to Python | expect: compile-error, runtime-error, wrong-answer
if 1:
        print(-1)
⟪1|\t⟫print(-2)
