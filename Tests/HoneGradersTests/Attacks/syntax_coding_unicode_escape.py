# syntax_coding_unicode_escape | coding: unicode_escape | format: stdio | under this encoding the comment below would be code | expect: compile-error, wrong-answer, runtime-error
# \x0aprint(sum(a > b for xs in [[int(t) for t in open(0).read().split()[1:]]] for i, a in enumerate(xs) for b in xs[i:]))
print(-1)
