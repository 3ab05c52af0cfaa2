# stdout_right_then_stderr_flood | format: stdio | right output, then standard error without end | expect: output-limit
import os
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]), flush=True)
while True: os.write(2, b"E" * 65536)
