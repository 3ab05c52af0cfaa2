# syntax_match_bomb | format: call | a pattern of ten thousand alternatives | expect: wrong-answer, compile-error, runtime-error, time-limit
def solve(xs):
    match xs:
        case ⟪10000|[1, 2] | ⟫[3, 4]: return -1
    return -1
