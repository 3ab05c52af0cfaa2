# escape_process_memory | format: stdio | process_vm_readv and writev on its parent and on the first process | expect: forbidden | attempts: forbidden-call | layers: seccomp
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
reached = False
for call in (310, 311):
    for pid in (os.getppid(), 1):
        libc.syscall(call, pid, None, 0, None, 0, 0)
        reached |= pid > 0 and ctypes.get_errno() == 0
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if reached else -1)
