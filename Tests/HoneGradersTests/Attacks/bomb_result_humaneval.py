# bomb_result_humaneval | format: humaneval | each call returns more than the one before | expect: output-limit, memory-limit, wrong-answer, time-limit, runtime-error
def solve(xs):
    return list(range(1_000_000))
