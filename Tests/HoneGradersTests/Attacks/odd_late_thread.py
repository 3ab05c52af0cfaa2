# odd_late_thread | format: stdio | right, printed by a thread that the main program does not wait for | expect: passed
import threading, time
xs = [int(t) for t in open(0).read().split()[1:]]
def late():
    time.sleep(0.05)
    print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]))
threading.Thread(target=late).start()
