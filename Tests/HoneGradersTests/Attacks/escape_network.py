# escape_network | format: stdio | connects by TCP and UDP to the world, the host, metadata and name services; right only if one answers the door | expect: wrong-answer, forbidden | layers: seccomp, namespaces
import socket
reached = []
for family, host in ((socket.AF_INET, "1.1.1.1"), (socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "169.254.169.254"), (socket.AF_INET, "10.0.2.2"), (socket.AF_INET6, "::1")):
    for port in (53, 22, 80, 111, 2024, 2375):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            try:
                s = socket.socket(family, kind)
                s.settimeout(0.02)
                s.connect((host, port))
                reached.append((host, port))
            except OSError: pass
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if reached else -1)
