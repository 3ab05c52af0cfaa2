# escape_file_handles | format: stdio | opens files by handle, past every path | expect: forbidden, wrong-answer | layers: seccomp, uid
import ctypes, os, struct
libc = ctypes.CDLL(None)
mount = os.open("/", os.O_RDONLY)
handle = ctypes.create_string_buffer(struct.pack("<IiQ", 8, 1, 2), 136)
opened = libc.syscall(304, mount, handle, os.O_RDONLY) >= 0
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if opened else -1)
