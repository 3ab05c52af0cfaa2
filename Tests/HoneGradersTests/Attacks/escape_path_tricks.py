# escape_path_tricks | format: stdio | climbs out by dots, descriptors of directories, magic links and handles; right only if a host's file is read | expect: wrong-answer, forbidden | layers: namespaces, landlock
import os
read = []
for path in ("../" * 40 + "etc/passwd", "/tmp/" + "../" * 9 + "etc/passwd", "/proc/self/root/etc/passwd", "/proc/self/cwd/../etc/passwd", "/proc/thread-self/root/etc/shadow", "/..//etc/hostname", "/dev/fd/0/../../../etc/passwd"):
    try: read.append(open(path, "rb").read(1))
    except OSError: pass
for fd in range(3, 64):
    try: os.close(os.open("..", os.O_RDONLY, dir_fd=fd)); read.append(fd)
    except (OSError, NotImplementedError): pass
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if read else -1)
