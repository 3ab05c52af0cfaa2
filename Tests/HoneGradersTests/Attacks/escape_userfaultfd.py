# escape_userfaultfd | format: stdio | handles page faults itself, which makes races of the kernel easy | expect: forbidden | attempts: forbidden-call | layers: seccomp
import ctypes
made = ctypes.CDLL(None).syscall(323, 1) >= 0
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if made else -1)
