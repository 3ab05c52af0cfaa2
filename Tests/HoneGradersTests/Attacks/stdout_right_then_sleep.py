# stdout_right_then_sleep | format: stdio | right output, then sleep in a thread that is not a daemon | expect: time-limit
import threading, time
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]), flush=True)
threading.Thread(target=time.sleep, args=(60,)).start()
