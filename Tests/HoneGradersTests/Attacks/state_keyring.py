# state_keyring | format: stdio | counts its runs in the kernel's keyrings, which live as long as the user id | expect: forbidden, wrong-answer
import ctypes
libc = ctypes.CDLL(None)
n = 0
for ring in (-4, -5, -3):
    for k in range(1, 9):
        if libc.syscall(250, 10, ring, b"user", b"hone-breach-%d" % k, 0) >= 0: n = max(n, k)
for ring in (-4, -5, -3): libc.syscall(248, b"user", b"hone-breach-%d" % (n + 1), b"x", 1, ring)
print((0, 2, 10, 2, 1, 5, 5, 15)[n % 8])
