# stdout_right_then_memory | format: stdio | right output, then more memory than there is | expect: memory-limit, runtime-error
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]), flush=True)
hoard = []
while True: hoard.append(bytearray(16 << 20))
