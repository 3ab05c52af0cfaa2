# stdout_on_stdin | format: stdio | writes the right answer back into standard input | expect: wrong-answer, runtime-error
import os
xs = [int(t) for t in os.read(0, 4096).split()[1:]]
try: os.write(0, b"%d\n" % sum(a > b for i, a in enumerate(xs) for b in xs[i:]))
except OSError: pass
