# forge_bad_values | format: call | values that no honest encoder writes: a range without a step, keys twice, keys that cannot be keys, text that is no text | expect: wrong-answer, runtime-error, forbidden | variants: 28
import os, struct
variant = 0
u = lambda n: struct.pack("<I", n)
def record(kind, body): return kind + u(len(body)) + body
zero = b"i" + u(1) + b"0"
one = b"i" + u(1) + b"1"
bodies = (
    b"r" + zero + zero + zero, b"r" + one + one, b"r" + b"N" * 3,
    b"d" + u(2) + zero + zero + zero + one, b"d" + u(1) + b"l" + u(0) + zero, b"d" + u(1) + b"d" + u(0) + zero,
    b"S" + u(2) + zero + zero, b"S" + u(1) + b"l" + u(0), b"Z" + u(2) + one + zero,
    b"s" + u(2) + b"\xff\xfe", b"s" + u(4) + b"\xf8\x88\x80\x80", b"s" + u(3) + b"\xed\xa0\x80",
    b"i" + u(0), b"i" + u(1) + b"-", b"i" + u(2) + b"-0", b"i" + u(3) + b"000", b"i" + u(1) + b"g", b"i" + u(2) + b"0A", b"i" + u(2) + b" 0",
    b"f", b"f" + b"\x00" * 7, b"f" + b"\x01\x00\x00\x00\x00\x00\xf0\x7f", b"c" + b"\xff" * 16, b"", b"\x00", b"x", zero + zero, b"I" + u(1))
def solve(xs):
    body = bodies[variant]
    for fd in range(3, 64):
        try: os.write(fd, record(b"V", body))
        except OSError: pass
    os._exit(0)
