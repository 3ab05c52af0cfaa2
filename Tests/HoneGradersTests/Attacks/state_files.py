# state_files | format: stdio | counts its own runs in every place that can be written | expect: wrong-answer
import os, sys
places = {"/tmp", "/var/tmp", "/dev/shm", ".", "..", "/run", "/run/lock", "/dev", "/dev/mqueue", "/", os.path.expanduser("~"), sys.prefix, *sys.path}
n = 0
for place in places:
    path = os.path.join(place or ".", ".hone-breach-counter")
    try: n = max(n, int(open(path).read() or 0))
    except (OSError, ValueError): pass
    try: open(path, "w").write(str(n + 1))
    except OSError: pass
print((0, 2, 10, 2, 1, 5, 5, 15)[n % 8])
