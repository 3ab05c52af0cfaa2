# escape_kill_parent | format: call | kills and stops its parent and the first process by number and by handle | expect: runtime-error, wrong-answer, forbidden
import ctypes, os, signal
libc = ctypes.CDLL(None)
def solve(xs):
    if os.getuid():
        for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
            for pid in {os.getppid(), 1} - {0}:
                try: os.kill(pid, number)
                except OSError: pass
                handle = libc.syscall(434, pid, 0)
                if handle >= 0: libc.syscall(424, handle, number, None, 0)
    return -1
