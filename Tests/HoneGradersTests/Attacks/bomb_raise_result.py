# bomb_raise_result | format: humaneval | an error with arguments of a hundred megabytes | expect: output-limit, memory-limit, wrong-answer, time-limit, runtime-error
def solve(xs):
    raise ValueError("x" * 100_000_000, [0] * 1_000_000)
