# stdout_invisible_bytes | format: stdio | the right digits with bytes that a careless reader drops: NUL, invalid UTF-8, marks, zero widths, controls | expect: wrong-answer | variants: 12
import os
variant = 0
xs = [int(t) for t in open(0).read().split()[1:]]
right = b"%d" % sum(a > b for i, a in enumerate(xs) for b in xs[i:])
marks = (b"%s\x00\n", b"%s\x00999\n", b"%s\xff\n", b"\xff\xfe%s\n", b"\xef\xbb\xbf%s\n", b"%s\xe2\x80\x8b\n", b"\x1b[0m%s\n", b"999\r%s\n", b"9\b%s\n", b"%s\xc0\x80\n", b"\x00\n%s\n", b"\x7f%s\n")
os.write(1, marks[variant] % right)
