# escape_socket_pairs | format: stdio | a pair of sockets of every family, each in a child: whatever the kernel even begins to make is reached | expect: wrong-answer | layers: seccomp
import errno, os, socket
def reached(family, kind):
    pid = os.fork()
    if pid == 0:
        try: socket.socketpair(family, kind); os._exit(42)
        except OSError as error: os._exit(42 if error.errno == errno.EOPNOTSUPP else 0)
        except BaseException: os._exit(0)
    return os.waitpid(pid, 0)[1] == 42 << 8
found = [family for family in range(2, 47) if any(reached(family, kind) for kind in (1, 2, 3, 5))]
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if found else -1)
