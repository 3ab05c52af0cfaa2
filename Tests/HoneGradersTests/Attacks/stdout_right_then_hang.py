# stdout_right_then_hang | format: stdio | right output, then an endless loop | expect: time-limit
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]), flush=True)
while True: pass
