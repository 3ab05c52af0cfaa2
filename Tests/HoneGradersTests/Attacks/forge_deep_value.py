# forge_deep_value | format: call | a value a hundred thousand lists deep, never built, only written | expect: wrong-answer, runtime-error, forbidden
import os, struct
def record(kind, body): return kind + struct.pack("<I", len(body)) + body
def solve(xs):
    body = (b"l" + struct.pack("<I", 1)) * 100_000 + b"N"
    for fd in range(3, 64):
        try:
            view = memoryview(record(b"V", body))
            while view: view = view[os.write(fd, view):]
        except OSError: pass
    os._exit(0)
