# bomb_directories | format: stdio | a hundred thousand directories, each inside the one before | expect: wrong-answer, runtime-error, time-limit, memory-limit
import os
for _ in range(100_000):
    try: os.mkdir("d" * 200); os.chdir("d" * 200)
    except OSError: break
print(-1)
