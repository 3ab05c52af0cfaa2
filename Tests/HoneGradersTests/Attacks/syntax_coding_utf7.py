# syntax_coding_utf7 | coding: utf-7 | format: stdio | under UTF-7 the comment below would be code | expect: compile-error, wrong-answer, runtime-error
# +AAo-print(sum(a > b for xs in [[int(t) for t in open(0).read().split()[1:]]] for i, a in enumerate(xs) for b in xs[i:]))
print(-1)
