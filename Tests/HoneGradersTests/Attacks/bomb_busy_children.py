# bomb_busy_children | format: stdio | the children burn, the parent waits | expect: time-limit, wrong-answer, runtime-error
import os, time
for _ in range(8):
    if os.fork() == 0:
        while True: pass
while True:
    try: os.wait()
    except OSError: break
print(-1)
