# escape_bpf | format: stdio | creates a map and loads a program for the kernel's machine | expect: forbidden | attempts: forbidden-call | layers: seccomp
import ctypes, struct
libc = ctypes.CDLL(None)
attributes = ctypes.create_string_buffer(struct.pack("<5I", 2, 4, 4, 1, 0), 120)
made = libc.syscall(321, 0, attributes, 72) >= 0
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if made else -1)
