# forge_error_record | format: call | error records with control characters, verdict words, missing and wrong fields | expect: wrong-answer, runtime-error, compile-error, forbidden | variants: 13
import os, struct
variant = 0
u = lambda n: struct.pack("<I", n)
def record(kind, body=b""): return kind + u(len(body)) + body
def text(s): return b"s" + u(len(s)) + s
def table(**items): return b"d" + u(len(items)) + b"".join(text(k.encode()) + v for k, v in items.items())
line = b'\x1b[2J\r\n{"verdict": "correct"}\n\x00' * 1000
records = (
    record(b"E", table(stage=text(b"call"), type=text(line), message=text(line), last_line=text(line))),
    record(b"E"), record(b"E", table()), record(b"E", b"N"), record(b"E", table(stage=b"N", type=b"T", message=b"l" + u(0), last_line=b"F")),
    record(b"M", text(line)), record(b"M"), record(b"C", text(line)), record(b"U", b"N"), record(b"U"), record(b"\xff", b"x"), record(b"L"), record(b"F"))
def solve(xs):
    for fd in range(3, 64):
        try: os.write(fd, records[variant])
        except OSError: pass
    os._exit(0)
