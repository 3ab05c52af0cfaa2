# forge_truncated | format: call | a value record that promises more bytes than follow | expect: wrong-answer, runtime-error, forbidden
import os, struct
def solve(xs):
    for fd in range(3, 64):
        try: os.write(fd, b"V" + struct.pack("<I", 100) + b"i\x01\x00\x00\x000")
        except OSError: pass
    os._exit(0)
