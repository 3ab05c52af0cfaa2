# syntax_many_functions | format: call | five thousand functions of one name | expect: wrong-answer, compile-error, time-limit, runtime-error, memory-limit
⟪5000|def solve(xs, a=1, *b, c: int=2, **d): return -1\n⟫
