# odd_no_newline | format: stdio | right, without the last line's end, in writes of one byte | expect: passed
import os
xs = [int(t) for t in os.read(0, 1 << 16).split()[1:]]
for digit in b"%d" % sum(a > b for i, a in enumerate(xs) for b in xs[i:]): os.write(1, bytes([digit]))
