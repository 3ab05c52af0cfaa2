# escape_setuid | format: stdio | becomes another user or group, root first | expect: wrong-answer, forbidden | layers: uid, seccomp
import ctypes, os
changed = os.getuid() == 0 or os.geteuid() == 0 or os.getgid() == 0 or bool(os.getgroups())
for act in (lambda: os.setresuid(0, 0, 0), lambda: os.setresgid(0, 0, 0), lambda: os.setgroups([0]), lambda: os.setuid(1), lambda: os.setgid(1), lambda: os.setreuid(65534, 65534), lambda: os.setuid(os.getuid() + 1)):
    try: act(); changed = True
    except OSError: pass
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if changed else -1)
