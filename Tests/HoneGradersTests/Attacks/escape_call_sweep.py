# escape_call_sweep | format: stdio | all calls that no program of this kind needs, each in a child: whatever gets as far as to look at its arguments is reached | expect: wrong-answer | layers: seccomp
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def reached(number):
    pid = os.fork()
    if pid == 0:
        ctypes.set_errno(0)
        result = libc.syscall(number, -1, -1, -1, -1, -1, -1)
        os._exit(42 if result >= 0 or ctypes.get_errno() not in (1, 38) else 0)
    return os.waitpid(pid, 0)[1] == 42 << 8
# ptrace, process_vm_*, kcmp, keys, bpf, perf, userfaultfd, io_uring, mounts old and new, unshare, roots, modules, kexec, swap, acct,
# quotas, handles, fanotify, ports, pidfd_getfd
numbers = (101, 310, 311, 312, 248, 249, 250, 321, 298, 323, 425, 426, 427, 165, 166, 155, 428, 429, 430, 431, 432, 433, 442, 272, 161, 175, 176, 313, 246, 320, 167, 168, 163,
           179, 443, 304, 300, 172, 173, 438)
found = [number for number in numbers if reached(number)]
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if found else -1)
