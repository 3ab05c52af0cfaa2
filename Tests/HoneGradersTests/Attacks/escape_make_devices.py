# escape_make_devices | format: stdio | makes device nodes of its own | expect: wrong-answer, forbidden, runtime-error | layers: uid
import os, stat
made = False
for name, kind, major, minor in (("mem", stat.S_IFCHR, 1, 1), ("disk", stat.S_IFBLK, 254, 0), ("null", stat.S_IFCHR, 1, 3)):
    try: os.mknod(name, kind | 0o666, os.makedev(major, minor)); made = True
    except OSError: pass
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if made else -1)
