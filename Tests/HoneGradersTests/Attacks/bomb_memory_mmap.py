# bomb_memory_mmap | format: stdio | anonymous shared mappings, touched all over | expect: memory-limit, runtime-error
import mmap
hoard = []
while True:
    m = mmap.mmap(-1, 32 << 20)
    for page in range(0, 32 << 20, 65536): m[page] = 1
    hoard.append(m)
