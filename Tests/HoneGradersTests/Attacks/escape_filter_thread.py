# escape_filter_thread | format: stdio | asks for what is forbidden from a thread: the whole process must end | expect: forbidden, wrong-answer, runtime-error
import ctypes, threading, time
libc = ctypes.CDLL(None)
worker = threading.Thread(target=lambda: libc.syscall(321, 0, None, 0))
worker.start()
worker.join(0.5)
print(-1)
