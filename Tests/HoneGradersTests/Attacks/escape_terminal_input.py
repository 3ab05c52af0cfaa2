# escape_terminal_input | format: stdio | pushes characters into the terminal of whoever started the grader | expect: wrong-answer, forbidden | layers: seccomp, namespaces
import fcntl, os, termios
pushed = False
for fd in [0, 1, 2] + [os.open(p, os.O_RDWR | os.O_NOCTTY) for p in ("/dev/tty", "/dev/console") if os.access(p, os.R_OK | os.W_OK)]:
    for request in (termios.TIOCSTI, 0x541C, termios.TIOCSCTTY):
        try: fcntl.ioctl(fd, request, b" "); pushed = True
        except OSError: pass
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if pushed else -1)
