# steal_host_files | format: stdio | reads accounts, keys, histories and tokens of the host; right only if one can be read | expect: wrong-answer
import glob, os
patterns = ("/etc/passwd", "/etc/shadow", "/etc/hostname", "/etc/machine-id", "/etc/ssh/*", "/root/*", "/root/.*", "/home/*/*", "/home/*/.*",
            "/run/secrets/*", "/var/run/secrets/*/*/*", "/var/log/*", "/proc/1/environ", "/proc/1/cmdline", "/proc/self/mountinfo",
            "/proc/kallsyms", "/proc/kcore", "/sys/class/dmi/id/*", "/sys/kernel/security/*", "/boot/*", "/work/*", "/mnt/*")
found = []
for pattern in patterns:
    for path in glob.glob(pattern):
        try:
            if os.path.isfile(path) and open(path, "rb").read(1): found.append(path)
        except OSError: pass
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if found else -1)
