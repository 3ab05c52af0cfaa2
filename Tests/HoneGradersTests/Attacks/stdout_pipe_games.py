# stdout_pipe_games | format: stdio | shrinks, blocks and steals from its own output pipe | expect: wrong-answer, runtime-error
import fcntl, os
for fd in (0, 1, 2):
    try: fcntl.fcntl(fd, 1031, 4096)
    except OSError: pass
    try: fcntl.fcntl(fd, fcntl.F_SETFL, os.O_NONBLOCK | os.O_ASYNC | os.O_APPEND)
    except OSError: pass
    try: fcntl.fcntl(fd, fcntl.F_SETOWN, 1)
    except OSError: pass
try: os.read(1, 1)
except OSError: pass
print(-1)
