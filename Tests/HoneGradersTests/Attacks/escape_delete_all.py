# escape_delete_all | format: stdio | deletes all that it finds but spares what is not its scratch or a canary: elsewhere it only asks whether it might | expect: wrong-answer, time-limit, runtime-error | layers: namespaces, landlock
import os
scratch = os.stat(".")
might = []
for folder, folders, files in os.walk("/", followlinks=False):
    folders[:] = [f for f in folders if f not in ("proc", "sys")]
    if folder.count("/") > 3: folders[:] = []
    try:
        if os.stat(folder).st_dev == scratch.st_dev: continue
        if os.access(folder, os.W_OK): might.append(folder)
        for name in files:
            if "hone-canary" in folder: os.unlink(os.path.join(folder, name))
    except OSError: pass
for name in os.listdir("."):
    try: os.unlink(name)
    except OSError: pass
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if might else -1)
