# escape_descriptor_theft | format: stdio | takes descriptors out of other processes by pidfd_getfd | expect: forbidden, wrong-answer | layers: seccomp, namespaces
import ctypes, os
libc = ctypes.CDLL(None)
stolen = False
for pid in {1, os.getppid()} - {0}:
    handle = libc.syscall(434, pid, 0)
    for fd in range(16): stolen |= handle >= 0 and libc.syscall(438, handle, fd, 0) >= 0
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if stolen else -1)
