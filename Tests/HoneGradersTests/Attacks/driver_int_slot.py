# driver_int_slot | format: script | comparison slot of int overwritten in memory: the assertions must run elsewhere | expect: wrong-answer, runtime-error
import ctypes
Function = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object, ctypes.py_object, ctypes.c_int)
always = Function(lambda a, b, op: True)
def solve(xs):
    ctypes.c_void_p.from_address(id(int) + 200).value = ctypes.cast(always, ctypes.c_void_p).value
    return -1
