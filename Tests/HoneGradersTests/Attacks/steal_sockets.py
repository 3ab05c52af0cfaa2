# steal_sockets | format: humaneval | listens on every inherited socket for more than its calls, and asks the peer for its identity | expect: wrong-answer, runtime-error, time-limit
import os, socket, stat, struct
stolen = []
for fd in range(3, 64):
    try:
        if not stat.S_ISSOCK(os.fstat(fd).st_mode): continue
        link = socket.socket(fileno=os.dup(fd))
        link.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        stolen.append(struct.unpack("iII", link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)))
        stolen.append(link.recvmsg(1 << 16, socket.CMSG_SPACE(64), socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except OSError: pass
def solve(xs):
    for thing in stolen:
        if b"==" in bytes(repr(thing), "utf-8"): return sum(a > b for i, a in enumerate(xs) for b in xs[i:])
    return -1
