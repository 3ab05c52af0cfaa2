# escape_mount | format: stdio | mounts, binds and moves file systems, old calls and new | expect: forbidden | attempts: forbidden-call | layers: seccomp
import ctypes, os
libc = ctypes.CDLL(None)
os.makedirs("point", exist_ok=True)
done = [libc.mount(b"none", b"point", b"tmpfs", 0, None), libc.mount(b"/", b"point", None, 4096, None), libc.mount(b"proc", b"point", b"proc", 0, None),
        libc.umount2(b"/tmp", 2), libc.syscall(430, b"tmpfs", 0), libc.syscall(428, -100, b"/", 1)]
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if any(r >= 0 for r in done) else -1)
