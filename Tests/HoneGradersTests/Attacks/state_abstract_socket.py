# state_abstract_socket | format: stdio | a daemon behind an abstract socket counts the runs | expect: wrong-answer, forbidden, runtime-error
import os, socket, time
n = 0
try:
    link = socket.socket(socket.AF_UNIX)
    link.connect("\0hone-breach-counter")
    n = int(link.recv(10) or b"0")
except OSError:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            try:
                server = socket.socket(socket.AF_UNIX)
                server.bind("\0hone-breach-counter")
                server.listen()
                server.settimeout(3)
                for k in range(1, 20): server.accept()[0].sendall(b"%d" % k)
            except OSError: pass
        os._exit(0)
    os.wait()
    time.sleep(0.05)
print((0, 2, 10, 2, 1, 5, 5, 15)[n % 8])
