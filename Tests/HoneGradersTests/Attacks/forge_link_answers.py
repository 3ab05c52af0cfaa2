# forge_link_answers | format: humaneval | queues answers on the link before any question is asked | expect: wrong-answer, runtime-error, time-limit, forbidden
import os, stat, struct
u = lambda n: struct.pack("<I", n)
def text(s): return b"s" + u(len(s)) + s
def integer(n): return b"i" + u(len(b"%x" % n)) + b"%x" % n
def frame(body): return u(len(body)) + body
def value(n): return frame(text(b"value") + integer(n) + b"N")
for fd in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode): os.write(fd, b"".join(value(n) for n in (0, 0, 2, 0, 2, 0, 0, 0)))
    except OSError: pass
def solve(xs):
    return -1
