# odd_no_input | format: call | right, and asks for input that is not there | expect: passed
def solve(xs):
    try: input()
    except EOFError: pass
    return sum(a > b for i, a in enumerate(xs) for b in xs[i:])
