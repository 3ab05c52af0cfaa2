# escape_socket_families | format: stdio | a socket of every family and kind, each tried in a child: only local ones may come into being | expect: wrong-answer | layers: seccomp
import os, socket
def made(family, kind, protocol=0):
    pid = os.fork()
    if pid == 0:
        try: socket.socket(family, kind, protocol); os._exit(42)
        except BaseException: os._exit(0)
    return os.waitpid(pid, 0)[1] == 42 << 8
found = [family for family in range(2, 47) if any(made(family, kind) for kind in (1, 2, 3, 5))]
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if found else -1)
