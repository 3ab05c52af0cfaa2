# driver_memory_gone | format: call | takes all memory to the last byte before it returns, so that the driver has none | expect: wrong-answer, runtime-error, memory-limit
hoard = []
def solve(xs):
    size = 1 << 26
    while size > 64:
        try: hoard.append(bytearray(size))
        except MemoryError: size >>= 1
    return [-1] * 100
