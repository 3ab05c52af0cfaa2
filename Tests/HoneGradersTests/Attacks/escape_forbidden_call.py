# escape_forbidden_call | format: call | asks for what is forbidden inside the function: a verdict of its own, and a count | expect: forbidden | attempts: forbidden-call
import ctypes
def solve(xs):
    ctypes.CDLL(None).unshare(0x10000000)
    return -1
