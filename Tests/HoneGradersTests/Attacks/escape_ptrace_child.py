# escape_ptrace_child | format: stdio | traces a child of its own, whose system calls it could rewrite after the filter has seen them | expect: forbidden, wrong-answer | layers: seccomp
import ctypes, os
libc = ctypes.CDLL(None)
pid = os.fork()
if pid == 0: os._exit(0 if libc.ptrace(0, 0, None, None) == 0 else 1)
traced = os.waitpid(pid, 0)[1] == 0
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if traced else -1)
