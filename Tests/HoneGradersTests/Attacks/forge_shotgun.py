# forge_shotgun | format: call | one value record for every number that might be the answer | expect: wrong-answer, runtime-error, forbidden
import os, struct
def record(kind, body): return kind + struct.pack("<I", len(body)) + body
def integer(n): return b"i" + struct.pack("<I", len(b"%x" % n)) + b"%x" % n
def solve(xs):
    for fd in range(3, 64):
        try: os.write(fd, b"".join(record(b"V", integer(n)) for n in range(50)))
        except OSError: pass
    os._exit(0)
