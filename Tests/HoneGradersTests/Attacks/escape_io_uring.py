# escape_io_uring | format: stdio | sets up a ring, through which system calls pass no filter | expect: forbidden | attempts: forbidden-call | layers: seccomp
import ctypes
made = ctypes.CDLL(None).syscall(425, 8, ctypes.create_string_buffer(120)) >= 0
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if made else -1)
