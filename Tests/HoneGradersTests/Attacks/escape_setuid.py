# escape_setuid | format: stdio | becomes another user or group, root first | expect: wrong-answer, forbidden | layers: uid
import ctypes, os
changed = os.getuid() == 0 or os.geteuid() == 0 or os.getgid() == 0 or bool(os.getgroups())
for number in {0, 1, 2, 65534, os.getuid() + 1} - {os.getuid(), os.getgid()}:
    for act in (os.setuid, os.setgid, os.seteuid, lambda n: os.setresuid(-1, n, -1), lambda n: os.setreuid(n, n), lambda n: os.setgroups([n])):
        try: act(number); changed = True
        except OSError: pass
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if changed else -1)
