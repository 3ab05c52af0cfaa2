# forge_pass_records | format: call | the records with which the judge says passed, on every descriptor | expect: wrong-answer, runtime-error, forbidden
import os, struct
def record(kind, body=b""): return kind + struct.pack("<I", len(body)) + body
def solve(xs):
    for fd in range(3, 1024):
        try: os.write(fd, record(b"P") + record(b"P", b"T") + b"P")
        except OSError: pass
    os._exit(0)
