# odd_threads | format: stdio | right, in a thread with a deep stack and a high recursion limit | expect: passed
import sys, threading
sys.setrecursionlimit(100_000)
threading.stack_size(16 << 20)
def count(xs, k=0):
    return 0 if k == len(xs) else sum(xs[k] > b for b in xs[k:]) + count(xs, k + 1)
def depth(n): return 0 if n == 0 else depth(n - 1)
def main():
    xs = [int(t) for t in open(0).read().split()[1:]]
    print(count(xs) + depth(5000))
worker = threading.Thread(target=main)
worker.start()
worker.join()
