# stdout_right_then_forbidden | format: stdio | right output, then a system call that no program of this kind needs | expect: forbidden | attempts: forbidden-call
import ctypes
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]), flush=True)
ctypes.CDLL(None).syscall(321, 0, 0, 0)
raise SystemExit(1)
