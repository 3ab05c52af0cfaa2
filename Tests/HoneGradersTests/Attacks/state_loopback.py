# state_loopback | format: stdio | a daemon behind a port of the loopback device counts the runs | expect: wrong-answer, forbidden, runtime-error
import os, socket
n = 0
try: n = int(socket.create_connection(("127.0.0.1", 48437), 0.2).recv(10) or b"0")
except OSError:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            try:
                server = socket.create_server(("127.0.0.1", 48437))
                server.settimeout(3)
                for k in range(1, 20): server.accept()[0].sendall(b"%d" % k)
            except OSError: pass
        os._exit(0)
    os.wait()
print((0, 2, 10, 2, 1, 5, 5, 15)[n % 8])
