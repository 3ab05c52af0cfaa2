# bomb_priority | format: stdio | takes a better place at the processor, real time if it can; right only if that works | expect: wrong-answer, forbidden, runtime-error
import os
gained = False
for act in (lambda: os.setpriority(os.PRIO_PROCESS, 0, -5), lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)), lambda: os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))):
    try:
        act()
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        gained = True
    except OSError: pass
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if gained else -1)
