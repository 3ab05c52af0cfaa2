# stdout_right_then_error | format: stdio | right output, then an error | expect: runtime-error
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]), flush=True)
raise ValueError("but not without an error")
