# forge_link_garbage | format: humaneval | frames that no honest driver sends: the judge must blame the program, not the test | expect: wrong-answer, runtime-error, time-limit | variants: 12
import os, stat, struct
variant = 0
u = lambda n: struct.pack("<I", n)
def text(s): return b"s" + u(len(s)) + s
def frame(body): return u(len(body)) + body
zero = b"i" + u(1) + b"0"
frames = (
    frame(b"N"), frame(b""), b"\xff\xff\xff\xff", b"\x01", frame(b"t" + u(1) + text(b"value")), frame(b"t" + u(3) + text(b"valu\xff") + zero + b"N"),
    frame(b"t" + u(3) + text(b"value") + zero + zero), frame(b"t" + u(3) + text(b"value") + zero + b"l" + u(5) + b"N" * 5),
    frame(b"t" + u(4) + text(b"raise") + text(b"SystemExit") + b"t" + u(0) + text(b"")), frame(b"t" + u(4) + text(b"raise") + zero + b"N" + b"N"),
    frame(b"t" + u(2) + text(b"missing") + text(b"check")), frame(b"t" + u(3) + text(b"uncrossable") + b"N" + b"N"))
def solve(xs):
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode): os.write(fd, frames[variant])
        except OSError: pass
    return -1
