# escape_clone_namespaces | format: stdio | the same by clone and clone3 with flags for namespaces | expect: forbidden, wrong-answer | layers: seccomp
import ctypes, os, struct
libc = ctypes.CDLL(None)
made = False
for flags in (0x10000000, 0x10000000 | 0x00020000, 0x40000000, 0x20000000, 0x02000000):
    pid = libc.syscall(56, flags | 17, None, None, None, None)
    if pid == 0: os._exit(0)
    made |= pid > 0
    arguments = ctypes.create_string_buffer(struct.pack("<11Q", flags, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0))
    pid = libc.syscall(435, arguments, 88)
    if pid == 0: os._exit(0)
    made |= pid > 0
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if made else -1)
