# driver_interpreter_end | format: call | finalises the interpreter under the driver's feet | expect: wrong-answer, runtime-error
import ctypes
def solve(xs):
    ctypes.pythonapi.Py_FinalizeEx()
    return -1
