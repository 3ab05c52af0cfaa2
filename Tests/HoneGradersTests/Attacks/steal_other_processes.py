# steal_other_processes | format: stdio | looks for other processes: command lines, environments, signals that arrive; right only if it finds any | expect: wrong-answer
import glob, os
own = {0, 1, os.getpid(), os.getppid()}
seen = set()
for path in glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/[0-9]*/environ"):
    pid = int(path.split("/")[2])
    try: text = open(path, "rb").read()
    except OSError: text = b""
    if text and pid not in own: seen.add(pid)
for pid in range(2, 5000):
    if pid in own: continue
    try: os.kill(pid, 0); seen.add(pid)
    except ProcessLookupError: pass
    except OSError: seen.add(pid)
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if seen else -1)
