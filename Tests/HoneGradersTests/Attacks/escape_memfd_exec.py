# escape_memfd_exec | format: stdio | runs a program that no file system holds | expect: wrong-answer, forbidden, runtime-error
import ctypes, os
libc = ctypes.CDLL(None)
fd = libc.syscall(319, b"hone-breach", 0)
if fd >= 0:
    os.write(fd, b"#!/bin/sh\necho PASSED\n")
    try: os.execve(fd, ["program"], {})
    except OSError: pass
print(-1)
