# bomb_pipes | format: stdio | full pipes are memory of the kernel | expect: wrong-answer, runtime-error, memory-limit
import fcntl, os
try:
    while True:
        reader, writer = os.pipe()
        for size in (1 << 20, 1 << 18):
            try: fcntl.fcntl(writer, 1031, size); break
            except OSError: pass
        os.set_blocking(writer, False)
        try:
            while os.write(writer, b"x" * 65536): pass
        except BlockingIOError: pass
except OSError: pass
print(-1)
