# syntax_error_at_end | format: stdio | prints the right answer and has its error at the end: nothing may run | expect: compile-error
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]), flush=True)
def
