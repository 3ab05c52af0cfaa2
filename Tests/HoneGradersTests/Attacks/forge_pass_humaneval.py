# forge_pass_humaneval | format: humaneval | the judge's own records from the program's side, on results and link | expect: wrong-answer, runtime-error, time-limit, forbidden
import os, struct
def record(kind, body=b""): return kind + struct.pack("<I", len(body)) + body
for fd in range(3, 64):
    try: os.write(fd, record(b"P"))
    except OSError: pass
def solve(xs):
    for fd in range(3, 64):
        try: os.write(fd, record(b"P") * 3)
        except OSError: pass
    os._exit(0)
