# bomb_memory_mmap | format: stdio | anonymous shared mappings, every page touched | expect: memory-limit, runtime-error, time-limit
import mmap
hoard = []
while True:
    m = mmap.mmap(-1, 32 << 20)
    for page in range(0, 32 << 20, 4096): m[page] = 1
    hoard.append(m)
