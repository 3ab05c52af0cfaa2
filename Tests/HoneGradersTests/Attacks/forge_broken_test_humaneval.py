# forge_broken_test_humaneval | format: humaneval | claims that the test itself is broken before any call, from the program's process | expect: wrong-answer, runtime-error, forbidden
import os, struct
def record(kind, body=b""): return kind + struct.pack("<I", len(body)) + body
def text(s): return b"s" + struct.pack("<I", len(s)) + s
def table(**items): return b"d" + struct.pack("<I", len(items)) + b"".join(text(k.encode()) + text(v) for k, v in items.items())
for fd in range(3, 64):
    try: os.write(fd, record(b"B", table(type=b"SyntaxError", message=b"the test is broken", last_line=b"SyntaxError")))
    except OSError: pass
def solve(xs):
    os._exit(70)
