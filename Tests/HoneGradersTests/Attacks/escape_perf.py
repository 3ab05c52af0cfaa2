# escape_perf | format: stdio | opens performance counters, of itself and of the machine | expect: forbidden | attempts: forbidden-call | layers: seccomp
import ctypes, struct
libc = ctypes.CDLL(None)
attributes = ctypes.create_string_buffer(struct.pack("<IIQ", 1, 112, 0), 112)
opened = any(libc.syscall(298, attributes, pid, cpu, -1, 0) >= 0 for pid, cpu in ((0, -1), (-1, 0)))
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if opened else -1)
