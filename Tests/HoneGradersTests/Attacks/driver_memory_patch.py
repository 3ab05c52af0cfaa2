# driver_memory_patch | format: call | overwrites the first bytes of the interpreter's own functions in memory | expect: wrong-answer, runtime-error
import ctypes
def solve(xs):
    for name in ("PyObject_RichCompare", "PyObject_RichCompareBool", "PyLong_AsLong", "_PyLong_Format"):
        try: address = ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value
        except AttributeError: continue
        ctypes.CDLL(None).mprotect(ctypes.c_void_p(address & ~0xfff), 8192, 7)
        ctypes.memmove(address, b"\xb8\x01\x00\x00\x00\xc3", 6)
    return -1
