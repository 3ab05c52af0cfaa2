# escape_capabilities | format: stdio | asks for capabilities and for new privileges at exec; right only if it has some | expect: wrong-answer, forbidden, runtime-error | layers: uid
import ctypes, struct
libc = ctypes.CDLL(None)
header = ctypes.create_string_buffer(struct.pack("<Ii", 0x20080522, 0))
data = ctypes.create_string_buffer(24)
libc.capget(header, data)
held = struct.unpack("<6I", data.raw)
free = libc.prctl(39, 0, 0, 0, 0) != 1
data = ctypes.create_string_buffer(struct.pack("<6I", *(0xffffffff,) * 6))
raised = libc.capset(header, data) == 0 or libc.prctl(47, 2, 21, 0, 0) == 0
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if any(held[k] for k in (0, 1, 3, 4)) or free or raised else -1)
