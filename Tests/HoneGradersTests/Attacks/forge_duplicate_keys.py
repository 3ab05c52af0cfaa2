# forge_duplicate_keys | format: call | a dict and a set with the same member twice, the end of whoever demands unique keys | expect: wrong-answer, runtime-error, forbidden
import os, struct
u = lambda n: struct.pack("<I", n)
zero = b"i" + u(1) + b"0"
def solve(xs):
    body = b"d" + u(2) + zero * 4 if len(xs) % 2 else b"S" + u(2) + zero * 2
    for fd in range(3, 64):
        try: os.write(fd, b"V" + u(len(body)) + body)
        except OSError: pass
    os._exit(0)
