# forge_many_records | format: call | a hundred thousand attempt records with invented names | expect: wrong-answer, runtime-error, output-limit, forbidden
import os, struct
def record(kind, body): return kind + struct.pack("<I", len(body)) + body
def solve(xs):
    for fd in range(3, 64):
        try:
            os.fstat(fd)
            view = memoryview(b"".join(record(b"A", b"n%x" % n) for n in range(100_000)))
            while view: view = view[os.write(fd, view):]
        except OSError: pass
    return -1
