# stdout_extra_lines | format: stdio | the right answer first, then more: comparison must not stop at the shorter text | expect: wrong-answer
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]))
print("and some more")
