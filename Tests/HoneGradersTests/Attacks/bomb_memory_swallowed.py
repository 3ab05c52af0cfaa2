# bomb_memory_swallowed | format: stdio | catches every MemoryError and asks again | expect: memory-limit, time-limit, runtime-error
hoard = []
while True:
    try: hoard.append(bytearray(32 << 20))
    except MemoryError: pass
