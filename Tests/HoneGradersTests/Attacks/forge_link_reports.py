# forge_link_reports | format: humaneval | answers that the judge would pass on in its report: unknown reasons, texts that are too long or no Unicode | expect: wrong-answer, runtime-error, forbidden | variants: 12
import os, stat, struct
variant = 0
u = lambda n: struct.pack("<I", n)
def text(s): return b"s" + u(len(s)) + s
def frame(body): return u(len(body)) + body
long, half, nul = b"x" * 70000, b"\xed\xa0\x80" * 300, b"\0" * 1500
none = b"t" + u(0)
frames = (
    text(b"uncrossable") + text(b"int") + b"F" + text(b"because"), text(b"uncrossable") + text(b"int") + b"F" + text(b""), text(b"uncrossable") + text(long) + b"F" + text(b"type"),
    text(b"uncrossable") + text(half) + b"T" + text(b"size"), text(b"missing") + text(long), text(b"missing") + text(half),
    text(b"raise") + text(b"ValueError") + none + text(long) * 3, text(b"raise") + b"N" + none + text(long) * 3, text(b"raise") + text(b"KeyError") + none + text(half) + text(nul) + text(long),
    text(b"raise") + text(b"UnicodeDecodeError") + none + text(nul) * 3, text(b"raise") + text(b"ValueError") + b"t" + u(1) + text(long) + text(half) * 3,
    text(b"value") + b"h" + u(7) + text(long) + b"TT" + b"N")
def solve(xs):
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode): os.write(fd, frame(frames[variant]))
        except OSError: pass
    import time
    time.sleep(0.2)
    os._exit(0)
