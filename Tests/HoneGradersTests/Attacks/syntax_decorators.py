# syntax_decorators | format: call | forty thousand decorators on one function | expect: compile-error, runtime-error, wrong-answer
⟪40000|@list\n⟫def solve(xs):
    return -1
