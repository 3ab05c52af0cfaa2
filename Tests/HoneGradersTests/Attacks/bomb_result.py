# bomb_result | format: call | a result of ten million elements | expect: output-limit, memory-limit, wrong-answer, time-limit, runtime-error
def solve(xs):
    return [None] * 10_000_000
