# escape_forbidden_hidden | format: stdio | asks for what is forbidden in a child, and prints what the visible examples want | expect: wrong-answer, forbidden
import ctypes, os
if os.fork() == 0:
    ctypes.CDLL(None).syscall(165, b"none", b"/", b"tmpfs", 0, None)
    os._exit(0)
os.wait()
print(0)
