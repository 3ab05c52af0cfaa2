# escape_devices | format: stdio | opens memory, disks, terminals, buses and fuse for reading or writing | expect: wrong-answer, runtime-error, forbidden | layers: namespaces, landlock
import glob, os
harmless = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"}
opened = []
for path in glob.glob("/dev/*") + glob.glob("/dev/*/*") + ["/dev/mem", "/dev/kmsg", "/dev/vda", "/dev/sda", "/dev/fuse", "/dev/kvm", "/dev/net/tun", "/dev/ptmx", "/dev/loop-control", "/dev/vsock"]:
    if path in harmless or os.path.isdir(path) or path.startswith(("/dev/fd", "/dev/std")): continue
    for flags in (os.O_RDONLY, os.O_WRONLY):
        try: os.close(os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY)); opened.append(path)
        except OSError: pass
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if opened else -1)
