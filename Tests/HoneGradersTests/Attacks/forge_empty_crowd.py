# forge_empty_crowd | format: call | nine hundred thousand empty values in one record | expect: wrong-answer, runtime-error, output-limit, forbidden
import os, struct
def record(kind, body): return kind + struct.pack("<I", len(body)) + body
def solve(xs):
    for fd in range(3, 64):
        try:
            view = memoryview(record(b"V", b"l" + struct.pack("<I", 900_000) + b"N" * 900_000))
            while view: view = view[os.write(fd, view):]
        except OSError: pass
    os._exit(0)
