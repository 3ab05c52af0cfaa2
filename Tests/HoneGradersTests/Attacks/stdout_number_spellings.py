# stdout_number_spellings | format: stdio | the right number in another spelling: 2.0, 2e0, +2, 02, 0x2, 2_, 2., "2" | expect: wrong-answer | variants: 8
variant = 0
xs = [int(t) for t in open(0).read().split()[1:]]
print(("%d.0", "%de0", "+%d", "0%d", "0x%x", "%d_", "%d.", '"%d"')[variant] % sum(a > b for i, a in enumerate(xs) for b in xs[i:]))
