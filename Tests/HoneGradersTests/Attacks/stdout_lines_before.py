# stdout_lines_before | format: stdio | a wrong line, then the right answer: comparison must not look at the last line alone | expect: wrong-answer
xs = [int(t) for t in open(0).read().split()[1:]]
print("Answer:")
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]))
