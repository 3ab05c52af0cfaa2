# state_datagram_queue | format: stdio | a socket file in the scratch keeps datagrams for the next run | expect: wrong-answer, forbidden, runtime-error
import socket
n = 0
for path in ("/tmp/hone-breach.sock", "/dev/shm/hone-breach.sock", "/var/tmp/hone-breach.sock"):
    try:
        s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try: s.bind(path)
        except OSError: n = 1
        s.sendto(b"x", path)
    except OSError: pass
print((0, 2)[n])
