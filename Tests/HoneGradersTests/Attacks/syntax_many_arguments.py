# syntax_many_arguments | format: call | fifty thousand parameters and as many names to unpack | expect: wrong-answer, compile-error, runtime-error, time-limit
def solve(xs, *⟪1|rest⟫):
    try: (⟪50000|a,⟫) = xs
    except ValueError: pass
    return -1
