# escape_personality | format: stdio | switches address randomisation off and readable memory to executable, then goes on | expect: wrong-answer, forbidden
import ctypes
ctypes.CDLL(None).personality(0x0040000 | 0x0400000)
print(-1)
