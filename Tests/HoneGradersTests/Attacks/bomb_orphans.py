# bomb_orphans | format: stdio | orphans for the first process of the sandbox to reap, without pause | expect: wrong-answer, runtime-error, time-limit
import os
for _ in range(300):
    try:
        if os.fork() == 0:
            try: os.fork()
            finally: os._exit(0)
    except OSError: pass
print(-1)
