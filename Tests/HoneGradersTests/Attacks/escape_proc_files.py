# escape_proc_files | format: stdio | opens the memory, roots, directories and descriptors of other processes for writing | expect: wrong-answer | layers: namespaces, landlock
import os
reached = False
for pid in ("1", str(os.getppid()), "self/task/1", *map(str, range(2, 100))):
    if pid == str(os.getpid()): continue
    for name, flags in (("mem", os.O_RDWR), ("root/etc/passwd", os.O_RDONLY), ("cwd/.", os.O_RDONLY), ("fd/0", os.O_RDWR), ("fd/1", os.O_RDWR), ("oom_score_adj", os.O_WRONLY), ("environ", os.O_RDONLY)):
        try: os.close(os.open(f"/proc/{pid}/{name}", flags | os.O_NONBLOCK)); reached = True
        except OSError: pass
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if reached else -1)
