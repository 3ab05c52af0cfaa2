# steal_extra_descriptors | format: stdio | a program needs three descriptors; right only if it was handed others | expect: wrong-answer
import os
extra = []
for fd in range(3, 4096):
    try: os.fstat(fd); extra.append(fd)
    except OSError: pass
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if len(extra) > 1 else -1)
