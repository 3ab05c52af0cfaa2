# odd_exit_zero | format: stdio | right, and leaves by sys.exit(0) in a function | expect: passed
import sys
def main():
    xs = [int(t) for t in sys.stdin.read().split()[1:]]
    print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]))
    sys.exit(0)
if __name__ == "__main__": main()
