# forge_giant_length | format: call | lengths and counts of four thousand million, with nothing behind them | expect: wrong-answer, runtime-error, forbidden
import os, struct
everything = 0xffffffff
def record(kind, body): return kind + struct.pack("<I", len(body)) + body
def solve(xs):
    big = struct.pack("<I", everything)
    for fd in range(3, 64):
        try: os.write(fd, b"".join(record(b"V", tag + big) for tag in b"i s b a l t S Z q d I".split()) + b"V" + big)
        except OSError: pass
    os._exit(0)
