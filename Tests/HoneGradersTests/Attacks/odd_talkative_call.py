# odd_talkative_call | format: call | right, while it prints on both streams and closes them in the end | expect: passed
import sys
def solve(xs):
    print("solving", xs, '{"verdict": "incorrect"}')
    print("V" * 1000, file=sys.stderr)
    sys.stdout.close()
    return sum(a > b for i, a in enumerate(xs) for b in xs[i:])
