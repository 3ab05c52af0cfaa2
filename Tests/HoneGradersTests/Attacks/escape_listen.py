# escape_listen | format: stdio | listens for the world | expect: wrong-answer, forbidden, runtime-error | layers: seccomp
import socket
listening = False
for family, address in ((socket.AF_INET, ("0.0.0.0", 0)), (socket.AF_INET6, ("::", 0))):
    try:
        s = socket.socket(family, socket.SOCK_STREAM)
        s.bind(address)
        s.listen()
        listening = True
    except OSError: pass
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if listening else -1)
