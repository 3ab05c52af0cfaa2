# state_posix_queue | format: stdio | counts its runs by the messages of a POSIX queue | expect: wrong-answer, forbidden
import ctypes, os
libc = ctypes.CDLL(None)
n = 0
queue = libc.mq_open(b"/hone-breach", os.O_RDWR | os.O_CREAT | os.O_NONBLOCK, 0o666, None)
if queue >= 0:
    attributes = (ctypes.c_long * 8)()
    libc.mq_getattr(queue, attributes)
    n = attributes[3]
    libc.mq_send(queue, b"x", 1, 0)
print((0, 2, 10, 2, 1, 5, 5, 15)[n % 8])
