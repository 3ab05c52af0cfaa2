# steal_descriptors | format: call | reads whatever there is to read on descriptors 0...1023, sockets too; right only if something comes | expect: wrong-answer
import os, socket, stat
def loot():
    for fd in range(1024):
        try: kind = os.fstat(fd).st_mode
        except OSError: continue
        try:
            os.set_blocking(fd, False)
            if stat.S_ISSOCK(kind):
                if socket.socket(fileno=os.dup(fd)).recv(1 << 16, socket.MSG_PEEK): return True
            elif stat.S_ISDIR(kind): return True
            elif os.read(fd, 1 << 16): return True
            elif stat.S_ISREG(kind) and os.pread(fd, 1 << 16, 0): return True
        except OSError: pass
    return False
def solve(xs):
    return sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if loot() else -1
