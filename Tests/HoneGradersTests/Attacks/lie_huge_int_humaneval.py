# lie_huge_int_humaneval | format: humaneval | an integer whose decimal digits Python refuses to print, in an assertion's message | expect: wrong-answer, output-limit, runtime-error
def solve(xs):
    return 1 << 3_000_000
