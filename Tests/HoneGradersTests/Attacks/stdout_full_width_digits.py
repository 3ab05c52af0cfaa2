# stdout_full_width_digits | format: stdio | the right number in full-width digits, which NFKC turns into ASCII | expect: wrong-answer
xs = [int(t) for t in open(0).read().split()[1:]]
print("".join(chr(0xff10 + int(d)) for d in str(sum(a > b for i, a in enumerate(xs) for b in xs[i:]))))
