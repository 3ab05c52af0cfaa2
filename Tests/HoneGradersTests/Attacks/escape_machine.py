# escape_machine | format: stdio | clock, name, swap, accounting, ports and reboot, with arguments that could do nothing; each in a child | expect: wrong-answer, forbidden | layers: seccomp, uid
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def reached(*call):
    pid = os.fork()
    if pid == 0:
        ctypes.set_errno(0)
        result = libc.syscall(*call)
        os._exit(42 if result >= 0 or ctypes.get_errno() not in (1, 13, 38) else 0)
    return os.waitpid(pid, 0)[1] == 42 << 8
offset = ctypes.create_string_buffer(b"\x01", 512)
# reboot without its magic, swapon, swapoff, acct, iopl, ioperm, sethostname and setdomainname too long, adjtimex by nothing, kexec with
# unknown flags, syslog: size of what is unread. Without the right to it each ends before its arguments are looked at.
calls = ((169, 1, 2, 3, None), (167, b"/nonexistent", 0), (168, b"/nonexistent"), (163, b"/nonexistent"), (172, 3), (173, 0, 1, 1),
         (170, b"", 1 << 20), (171, b"", 1 << 20), (159, offset), (246, 0, 0, None, 0xffff), (103, 9, None, 0))
found = [call[0] for call in calls if reached(*call)]
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if found else -1)
