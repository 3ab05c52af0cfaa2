# bomb_vfork_hang | format: stdio | a parent that sleeps uninterruptibly while its vfork child sleeps | expect: time-limit, runtime-error, forbidden, wrong-answer
import ctypes
libc = ctypes.CDLL(None)
if libc.syscall(58) == 0:
    while True: libc.syscall(34)
