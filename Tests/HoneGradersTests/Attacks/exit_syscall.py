# exit_syscall | format: call | exit_group(0) through ctypes, past every patched os function | expect: wrong-answer, runtime-error | attempts: early-exit
import ctypes
def solve(xs):
    ctypes.CDLL(None).syscall(231, 0)
