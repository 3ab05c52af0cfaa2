# escape_ptrace | format: stdio | attaches to its parent and to the first process | expect: forbidden | attempts: forbidden-call | layers: seccomp, namespaces
import ctypes, os
libc = ctypes.CDLL(None)
libc.ptrace.restype = ctypes.c_long
attached = [pid for pid in (os.getppid(), 1) if pid and libc.ptrace(16, pid, None, None) == 0]
for pid in attached: libc.ptrace(17, pid, None, None)
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if attached else -1)
