# stdout_late_daemon | format: stdio | a daemon prints the right answer half a second after the program has ended | expect: wrong-answer
import os, time
xs = [int(t) for t in open(0).read().split()[1:]]
if os.fork() == 0:
    os.setsid()
    time.sleep(0.5)
    print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]), flush=True)
    os._exit(0)
os._exit(0)
