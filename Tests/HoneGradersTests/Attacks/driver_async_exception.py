# driver_async_exception | format: call | throws exceptions into the driver's thread while it writes the result | expect: wrong-answer, runtime-error
import ctypes, threading, time
target = threading.get_ident()
def throw():
    while True:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(target), ctypes.py_object(SystemExit))
        time.sleep(0.0005)
def solve(xs):
    threading.Thread(target=throw, daemon=True).start()
    return list(range(50_000))
