# odd_child_computes | format: stdio | right, computed by a child at the other end of a pipe | expect: passed
import os
xs = [int(t) for t in open(0).read().split()[1:]]
reader, writer = os.pipe()
if os.fork() == 0:
    os.write(writer, b"%d" % sum(a > b for i, a in enumerate(xs) for b in xs[i:]))
    os._exit(0)
os.wait()
print(os.read(reader, 100).decode())
