# bomb_file_size | format: stdio | one endless file, then an exabyte with a hole | expect: wrong-answer, runtime-error, output-limit, memory-limit
import os, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
fd = os.open("big", os.O_RDWR | os.O_CREAT)
for size in (1 << 62, 1 << 50, 1 << 40, 1 << 35):
    try: os.truncate(fd, size)
    except OSError: pass
    try: os.posix_fallocate(fd, 0, size)
    except OSError: pass
try:
    while True: os.write(fd, b"x" * (1 << 20))
except OSError: pass
print(-1)
