# state_sysv | format: stdio | counts its runs in System V shared memory | expect: wrong-answer, forbidden
import ctypes
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
n, key = 0, 0x484f4e45
segment = libc.shmget(key, 4096, 0o1666)
if segment >= 0:
    address = libc.shmat(segment, None, 0)
    if address not in (None, 2**64 - 1):
        cell = ctypes.c_uint32.from_address(address)
        n = cell.value
        cell.value += 1
libc.semget(key, 1, 0o1666)
libc.msgget(key, 0o1666)
print((0, 2, 10, 2, 1, 5, 5, 15)[n % 8])
