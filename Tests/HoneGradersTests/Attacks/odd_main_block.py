# odd_main_block | format: call | right, with a main block that would read input and leave | expect: passed
import sys
def solve(xs):
    return sum(a > b for i, a in enumerate(xs) for b in xs[i:])
if __name__ == "__main__":
    print(solve(list(map(int, input().split()))))
    sys.exit(1)
