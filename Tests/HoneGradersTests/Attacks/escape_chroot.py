# escape_chroot | format: stdio | the classic way out of a changed root, and pivot_root | expect: forbidden | attempts: forbidden-call | layers: seccomp
import ctypes, os
libc = ctypes.CDLL(None)
os.makedirs("cell", exist_ok=True)
done = libc.chroot(b"cell") == 0
for _ in range(64):
    try: os.chdir("..")
    except OSError: break
done |= libc.chroot(b".") == 0 or libc.syscall(155, b".", b"cell") == 0
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if done else -1)
