# odd_child_holds_stdout | format: stdio | right, though a child keeps standard output open for a minute: no time-out | expect: passed
import os, time
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]), flush=True)
if os.fork() == 0:
    time.sleep(60)
    os._exit(0)
