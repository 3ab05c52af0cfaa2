# bomb_output_children | format: stdio | thirty children flood both streams at once | expect: output-limit, time-limit
import os
for _ in range(30):
    try:
        if os.fork() == 0: break
    except OSError: break
while True:
    for fd in (1, 2): os.write(fd, b"x" * 4096)
