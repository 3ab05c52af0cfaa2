# stdout_arabic_digits | format: stdio | the right number in Arabic-Indic digits, which int() reads | expect: wrong-answer
xs = [int(t) for t in open(0).read().split()[1:]]
print("".join(chr(0x660 + int(d)) for d in str(sum(a > b for i, a in enumerate(xs) for b in xs[i:]))))
