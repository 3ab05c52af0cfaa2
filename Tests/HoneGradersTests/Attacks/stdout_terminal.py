# stdout_terminal | format: stdio | talks to a terminal, old or new, instead of standard output | expect: wrong-answer, runtime-error, forbidden
import os
for path in ("/dev/tty", "/dev/console", "/dev/pts/0", "/dev/tty0", "/dev/stdout", "/proc/self/fd/1"):
    try: os.write(os.open(path, os.O_WRONLY | os.O_NOCTTY), b"BREACH terminal\n") if "tty" in path or "pts" in path or "console" in path else None
    except OSError: pass
try: master, slave = os.openpty(); os.dup2(slave, 1)
except OSError: pass
print(-1)
