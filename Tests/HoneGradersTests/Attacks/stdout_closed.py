# stdout_closed | format: stdio | closes and replaces the standard streams by what never ends | expect: wrong-answer, runtime-error
import os, sys
sys.stdout.close()
for fd in (0, 1, 2):
    os.close(fd)
    try: os.open("/dev/zero", os.O_RDWR)
    except OSError: pass
