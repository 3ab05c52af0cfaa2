# stdout_tokens_in_pieces | format: stdio | the digits of the right answer apart from each other | expect: wrong-answer
xs = [int(t) for t in open(0).read().split()[1:]]
print(*str(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) or "0 "), sep="\n", end="\n0\n")
