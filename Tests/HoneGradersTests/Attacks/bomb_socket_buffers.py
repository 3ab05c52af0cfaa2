# bomb_socket_buffers | format: stdio | many small processes fill the buffers of sockets and pipes: memory that belongs to no process | expect: wrong-answer, runtime-error, memory-limit, time-limit
import os, socket
children = 0
for _ in range(28):
    try:
        if os.fork() == 0:
            pairs = []
            try:
                while True:
                    for end in socket.socketpair():
                        end.setblocking(False)
                        pairs.append(end)
                        try:
                            while end.send(b"x" * 65536): pass
                        except BlockingIOError: pass
            except (OSError, MemoryError): pass
            os.execv("/bin/sleep", ["sleep", "1"])
        children += 1
    except OSError: break
for _ in range(children): os.wait()
print(-1)
