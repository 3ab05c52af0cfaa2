# stdout_right_then_atexit_error | format: stdio | right output, then death by signal in an exit handler | expect: runtime-error
import atexit, os, signal
xs = [int(t) for t in open(0).read().split()[1:]]
atexit.register(os.kill, os.getpid(), signal.SIGSEGV)
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]), flush=True)
