# escape_keyctl | format: stdio | joins, adds and requests keys of the kernel | expect: forbidden | attempts: forbidden-call | layers: seccomp
import ctypes
libc = ctypes.CDLL(None)
done = [libc.syscall(250, 0, -3, 1), libc.syscall(248, b"user", b"hone-breach", b"x", 1, -2), libc.syscall(249, b"user", b"hone-breach", None, -2)]
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if any(r >= 0 for r in done) else -1)
