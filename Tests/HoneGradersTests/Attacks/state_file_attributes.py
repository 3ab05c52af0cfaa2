# state_file_attributes | format: stdio | leaves marks on shared files: times, modes, extended attributes, links, locks | expect: wrong-answer
import fcntl, os, sys
marked = 0
for path in (sys.executable, os.__file__, "/usr", "/usr/bin", "/lib", "/", "/dev/null", "/usr/bin/python3"):
    for act in (lambda: os.utime(path, (1, 1)), lambda: os.chmod(path, 0o777), lambda: os.setxattr(path, "user.hone-breach", b"1"), lambda: os.link(path, "/tmp/hone-breach-link")):
        try: act(); marked += path != "/dev/null"
        except OSError: pass
if os.path.exists("/tmp/hone-breach-link"): marked = marked or 1
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if marked else -1)
