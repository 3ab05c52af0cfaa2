# odd_os_exit | format: stdio | right, flushed by hand, and leaves by os._exit(0) | expect: passed
import os, sys
xs = [int(t) for t in sys.stdin.buffer.read().split()[1:]]
sys.stdout.write(str(sum(a > b for i, a in enumerate(xs) for b in xs[i:])))
sys.stdout.flush()
os._exit(0)
