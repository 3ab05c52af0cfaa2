# lie_text_for_int | format: call | the right digits as text | expect: wrong-answer
def solve(xs):
    return str(sum(a > b for i, a in enumerate(xs) for b in xs[i:]))
