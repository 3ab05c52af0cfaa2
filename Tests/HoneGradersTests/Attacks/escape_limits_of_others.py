# escape_limits_of_others | format: stdio | sets limits, priority, affinity and scheduling of its parent and of the first process to what they are | expect: wrong-answer, forbidden, runtime-error | layers: uid
import os, resource
changed = False
for pid in {1, os.getppid()} - {0}:
    for act in (lambda: resource.prlimit(pid, resource.RLIMIT_NOFILE, resource.prlimit(pid, resource.RLIMIT_NOFILE)), lambda: os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, pid)),
                lambda: os.sched_setaffinity(pid, os.sched_getaffinity(pid)), lambda: os.sched_setscheduler(pid, os.sched_getscheduler(pid), os.sched_param(0))):
        try: act(); changed = True
        except OSError: pass
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if changed else -1)
