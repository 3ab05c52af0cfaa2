# forge_link_half_closed | format: humaneval | shuts the link down but lives on, with status 0 at last | expect: wrong-answer, runtime-error, time-limit, forbidden
import os, socket, stat, time
def solve(xs):
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode): socket.socket(fileno=os.dup(fd)).shutdown(socket.SHUT_WR)
        except OSError: pass
    time.sleep(0.3)
    os._exit(0)
