# bomb_result_text | format: call | a result of a hundred megabytes of text | expect: output-limit, memory-limit, wrong-answer, runtime-error
def solve(xs):
    return "\u00e9" * 50_000_000
