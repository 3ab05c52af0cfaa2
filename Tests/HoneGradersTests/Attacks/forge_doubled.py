# forge_doubled | format: call | the right value, three times over: one case, one record | expect: wrong-answer, runtime-error, forbidden
import os, struct
def record(kind, body): return kind + struct.pack("<I", len(body)) + body
def integer(n): return b"i" + struct.pack("<I", len(b"%x" % n)) + b"%x" % n
def solve(xs):
    count = sum(a > b for i, a in enumerate(xs) for b in xs[i:])
    for fd in range(3, 64):
        try: os.write(fd, record(b"V", integer(count)) * 2)
        except OSError: pass
    return count
