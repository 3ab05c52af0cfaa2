# escape_modules | format: stdio | loads and unloads modules of the kernel, from nothing | expect: forbidden | attempts: forbidden-call | layers: seccomp
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
reached = []
for call in ((175, b"", 0, b""), (313, -1, b"", 0), (176, b"hone-breach", 0x800)):
    libc.syscall(*call)
    reached.append(ctypes.get_errno() not in (1, 38))
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if any(reached) else -1)
