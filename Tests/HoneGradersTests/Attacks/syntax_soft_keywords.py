# syntax_soft_keywords | format: call | match, case, type and _ as names and as keywords at once | expect: wrong-answer, compile-error
match = case = type = _ = -1
def solve(xs):
    match match:
        case case if case == match:
            match (case):
                case _: return _
        case _: return match
