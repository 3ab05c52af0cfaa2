# forge_link_garbage | format: humaneval | frames that no honest driver sends: the judge must blame the program, not the test | expect: wrong-answer, runtime-error, time-limit, forbidden | variants: 23
import os, stat, struct
variant = 0
u = lambda n: struct.pack("<I", n)
def text(s): return b"s" + u(len(s)) + s
def frame(body): return u(len(body)) + body
zero = b"i" + u(1) + b"0"
handle = b"h" + u(0) + text(b"int") + b"F" + b"T"
frames = (
    frame(b""), frame(b"N"), b"\xff\xff\xff\xff", b"\x01", frame(text(b"value")), frame(text(b"value") + zero), frame(text(b"valu\xff") + zero + b"N"),
    frame(text(b"value") + zero + zero), frame(text(b"value") + zero + b"t" + u(5) + b"N" * 5), frame(text(b"value") + zero + b"N" + zero),
    frame(text(b"raise") + b"l" + u(0) + b"t" + u(0) + text(b"") * 3), frame(text(b"raise") + zero + b"N" * 4), frame(text(b"raise") + text(b"SystemExit") + b"t" + u(0) + text(b"") * 3),
    frame(text(b"missing") + text(b"check")), frame(text(b"missing") + b"N"), frame(text(b"uncrossable") + b"N" * 3), frame(text(b"uncrossable") + text(b"int") + b"F" + text(b"type")),
    frame(text(b"value") + handle + b"N"), frame(text(b"value") + b"h" + u(0) + b"N" * 3 + b"N"), frame(text(b"value") + b"y" + text(b"open") + b"N"),
    frame(text(b"value") + b"y" + text(b"object") + b"N"), frame(text(b"value") + b"I" + u(9) + zero + b"N"), frame(b"t" + u(3) + text(b"value") + zero + b"N"))
def solve(xs):
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode): os.write(fd, frames[variant])
        except OSError: pass
    return -1
