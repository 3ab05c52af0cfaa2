# bomb_spawn | format: stdio | posix_spawn and vfork of new interpreters | expect: wrong-answer, runtime-error, time-limit
import os, sys
for _ in range(200):
    try: os.posix_spawn(sys.executable, [sys.executable, "-c", "import time; time.sleep(5)"], {})
    except OSError: break
print(-1)
