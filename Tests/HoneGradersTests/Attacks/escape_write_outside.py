# escape_write_outside | format: stdio | creates files in every folder but its scratch; right only if one comes into being | expect: wrong-answer, forbidden, time-limit | attempts: write-outside | layers: namespaces, landlock
import os
scratch = os.stat(".")
made = []
tops = ["/", "/usr", "/usr/local", "/etc", "/var", "/var/tmp", "/opt", "/srv", "/home", "/root", "/run", "/sys", "/proc", "/boot", "/lib", "/bin", os.path.dirname(os.__file__)]
for folder in tops + [os.path.join(top, name) for top in tops[:4] if os.path.isdir(top) for name in os.listdir(top)]:
    try:
        here = os.stat(folder)
        if (here.st_dev, here.st_ino) == (scratch.st_dev, scratch.st_ino) or here.st_dev == scratch.st_dev: continue
        os.close(os.open(os.path.join(folder, "SANDBOX_BREACH_write"), os.O_WRONLY | os.O_CREAT))
        made.append(folder)
    except OSError: pass
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if made else -1)
