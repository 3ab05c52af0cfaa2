# escape_x32 | format: stdio | system calls of the x32 table: the same numbers with another bit | expect: forbidden, wrong-answer | layers: seccomp
import ctypes, os
reached = ctypes.CDLL(None).syscall(0x40000000 + 39) == os.getpid()
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if reached else -1)
