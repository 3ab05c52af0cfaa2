# escape_unshare | format: stdio | makes a user namespace of its own, where it would be root | expect: forbidden | attempts: forbidden-call | layers: seccomp
import ctypes
made = ctypes.CDLL(None).unshare(0x10000000) == 0
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if made else -1)
