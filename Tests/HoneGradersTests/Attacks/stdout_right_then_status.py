# stdout_right_then_status | format: stdio | right output, then exit status 3 | expect: runtime-error
import sys
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]))
sys.exit(3)
