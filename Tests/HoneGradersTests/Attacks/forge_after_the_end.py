# forge_after_the_end | format: call | a child writes a value record when the function has long returned something else | expect: wrong-answer, runtime-error, forbidden
import os, struct, time
def record(kind, body): return kind + struct.pack("<I", len(body)) + body
def integer(n): return b"i" + struct.pack("<I", len(b"%x" % n)) + b"%x" % n
def solve(xs):
    if os.fork() == 0:
        for _ in range(200):
            time.sleep(0.005)
            for fd in range(3, 64):
                try: os.write(fd, record(b"V", integer(0)))
                except OSError: pass
        os._exit(0)
    return -1
