# syntax_coding_unknown | coding: no-such-thing | format: stdio | an encoding that does not exist, declared in a string that is already text | expect: compile-error, wrong-answer, runtime-error
print(-1)
