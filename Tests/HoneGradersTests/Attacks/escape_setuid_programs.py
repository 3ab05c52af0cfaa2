# escape_setuid_programs | format: stdio | runs programs that change the user; right only if one gives it root | expect: wrong-answer, runtime-error, time-limit, forbidden | layers: namespaces
import glob, os, stat, subprocess
root = False
for path in glob.glob("/usr/bin/*") + glob.glob("/usr/sbin/*") + glob.glob("/bin/*") + glob.glob("/usr/lib/*/*"):
    try: mode = os.stat(path)
    except OSError: continue
    if mode.st_mode & stat.S_ISUID and mode.st_uid == 0:
        for arguments in (["-c", "id -u"], ["id", "-u"]):
            try: root |= subprocess.run([path, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=0.1).stdout.strip() == b"0"
            except (OSError, subprocess.SubprocessError): pass
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if root else -1)
