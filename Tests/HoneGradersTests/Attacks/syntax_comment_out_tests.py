# syntax_comment_out_tests | format: script | an open line continuation and an early return, for graders that paste texts together | expect: compile-error, wrong-answer, runtime-error
def solve(xs): return -1
if 0: \
