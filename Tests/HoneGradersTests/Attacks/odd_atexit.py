# odd_atexit | format: stdio | right, printed by an exit handler | expect: passed
import atexit
xs = [int(t) for t in open(0).read().split()[1:]]
atexit.register(lambda: print(sum(a > b for i, a in enumerate(xs) for b in xs[i:])))
