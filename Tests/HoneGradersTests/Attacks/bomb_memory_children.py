# bomb_memory_children | format: stdio | a limit for each process is none for the sum: many children with 100 MB each | expect: memory-limit, runtime-error, wrong-answer, time-limit
import os, time
children = 0
for _ in range(40):
    try:
        if os.fork() == 0:
            try: hoard = bytearray(b"x") * (100 << 20)
            except MemoryError: pass
            time.sleep(1)
            os._exit(0)
        children += 1
    except OSError: break
for _ in range(children): os.wait()
print(-1)
