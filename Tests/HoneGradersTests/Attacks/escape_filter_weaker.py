# escape_filter_weaker | format: stdio | installs filters of its own that allow everything, and tries the forbidden again | expect: forbidden | attempts: forbidden-call | layers: seccomp
import ctypes, struct
libc = ctypes.CDLL(None)
program = ctypes.create_string_buffer(struct.pack("<HBBI", 6, 0, 0, 0x7fff0000))
filter = ctypes.create_string_buffer(struct.pack("<HxxxxxxQ", 1, ctypes.addressof(program)))
libc.prctl(22, 2, filter, 0, 0)
libc.syscall(317, 1, 1, filter)
reached = libc.unshare(0x10000000) == 0
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if reached else -1)
