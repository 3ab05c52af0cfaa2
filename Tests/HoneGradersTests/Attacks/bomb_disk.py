# bomb_disk | format: stdio | writes files until no place takes more | expect: wrong-answer, runtime-error, output-limit, memory-limit, time-limit
import os
block = b"x" * (1 << 20)
for place in (".", "/tmp", "/var/tmp", "/dev/shm", "/run"):
    for k in range(64):
        try:
            with open(f"{place}/hone-breach-fill-{k}", "wb", 0) as file:
                for _ in range(16):
                    if file.write(block) < len(block): raise OSError
        except OSError: break
print(-1)
