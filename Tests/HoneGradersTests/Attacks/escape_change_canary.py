# escape_change_canary | format: stdio | looks for the canary folders and changes, renames, links and deletes what is in them | expect: wrong-answer, runtime-error | layers: namespaces, landlock
import glob, os
roots = ["", "/proc/1/root", "/proc/1/cwd", f"/proc/{os.getppid()}/root", "../../..", "/tmp/../.."]
touched = []
for root in roots:
    for place in ("/tmp", "/var/tmp", "/dev/shm", "/root", "/home/*", ""):
        for folder in glob.glob(f"{root}{place}/hone-canary-*"):
            touched.append(folder)
            for name in os.listdir(folder):
                path = os.path.join(folder, name)
                for act in (lambda: open(path, "a").write("changed"), lambda: os.chmod(path, 0o777), lambda: os.utime(path, (0, 0)), lambda: os.rename(path, path + "-renamed"), lambda: os.unlink(path)):
                    try: act()
                    except OSError: pass
            try: open(folder + "/SANDBOX_BREACH_canary", "w").close()
            except OSError: pass
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if touched else -1)
