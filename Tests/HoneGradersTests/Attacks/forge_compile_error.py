# forge_compile_error | format: call | calls itself a syntax error, which costs no child in the count of attempts | expect: wrong-answer, runtime-error, compile-error, forbidden
import os, struct
def solve(xs):
    for fd in range(3, 64):
        try: os.write(fd, b"C" + struct.pack("<I", 10) + b"s" + struct.pack("<I", 5) + b"maybe")
        except OSError: pass
    os._exit(0)
