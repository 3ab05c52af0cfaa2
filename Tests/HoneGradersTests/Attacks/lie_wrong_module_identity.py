# lie_wrong_module_identity | format: call | the small integers of this process are no longer what they were | expect: wrong-answer, runtime-error
import ctypes
def solve(xs):
    # The one digit of the cached integers 0...10 is overwritten: in this process 7 is 0.
    for value in range(3, 11):
        ctypes.c_uint32.from_address(id(value) + 24).value = 1
    return 7
