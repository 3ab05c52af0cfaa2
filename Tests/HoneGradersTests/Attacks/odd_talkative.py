# odd_talkative | format: stdio | right, with a hundred kilobytes of talk on standard error | expect: passed
import sys
n = int(input())
xs = list(map(int, input().split()))
for k in range(1000): print("thinking about", xs, "." * 80, file=sys.stderr)
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]))
