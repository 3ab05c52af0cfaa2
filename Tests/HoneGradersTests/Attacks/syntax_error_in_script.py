# syntax_error_in_script | format: script | text that would end before the asserts if it were pasted before them | expect: compile-error
def solve(xs): return -1
"""
