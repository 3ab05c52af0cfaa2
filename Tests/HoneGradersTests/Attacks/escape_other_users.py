# escape_other_users | format: stdio | signals processes of other users and of the neighbour sandboxes; right only if one is reached | expect: wrong-answer | layers: namespaces, uid, landlock
import os
own = {os.getpid(), os.getppid(), 1, 0}
reached = False
for pid in range(2, 5000):
    if pid in own: continue
    try: os.kill(pid, 0); reached = True
    except OSError: pass
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if reached else -1)
