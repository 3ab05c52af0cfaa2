# forge_range_without_step | format: call | range(0, 0, 0), which is the end of whoever divides by the step | expect: wrong-answer, runtime-error, forbidden
import os, struct
u = lambda n: struct.pack("<I", n)
zero = b"i" + u(1) + b"0"
def solve(xs):
    body = b"r" + zero * 3
    for fd in range(3, 64):
        try: os.write(fd, b"V" + u(len(body)) + body)
        except OSError: pass
    os._exit(0)
