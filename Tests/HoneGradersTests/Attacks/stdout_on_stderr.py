# stdout_on_stderr | format: stdio | prints the right answer on standard error | expect: wrong-answer
import sys
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]), file=sys.stderr)
