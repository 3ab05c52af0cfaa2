# forge_value_everywhere | format: call | a value record on every descriptor, then status 0 before the function returns | expect: wrong-answer, runtime-error, forbidden
import os, struct
def record(kind, body): return kind + struct.pack("<I", len(body)) + body
def integer(n): return b"i" + struct.pack("<I", len(b"%x" % n)) + b"%x" % n
def solve(xs):
    for fd in range(1024):
        try: os.write(fd, record(b"V", integer(0)))
        except OSError: pass
    os._exit(0)
