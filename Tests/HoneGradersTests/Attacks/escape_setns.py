# escape_setns | format: stdio | enters whatever namespace a descriptor or a process leads to | expect: forbidden, wrong-answer | layers: seccomp
import ctypes, os
libc = ctypes.CDLL(None)
entered = False
for fd in range(64): entered |= libc.setns(fd, 0) == 0
for pid in (os.getppid(), 1):
    handle = libc.syscall(434, pid, 0)
    entered |= handle >= 0 and libc.setns(handle, 0x00020000) == 0
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if entered else -1)
