# bomb_timers | format: stdio | kernel timers and queued signals without end | expect: wrong-answer, runtime-error, time-limit
import ctypes, os, signal
libc = ctypes.CDLL(None)
signal.pthread_sigmask(signal.SIG_BLOCK, range(34, 65))
timer = ctypes.c_void_p()
for _ in range(100_000):
    if libc.timer_create(1, None, ctypes.byref(timer)): break
for _ in range(100_000):
    if libc.sigqueue(os.getpid(), 40, 0): break
print(-1)
