# stdout_child_floods | format: stdio | a child floods standard output while the program ends in peace with a wrong answer | expect: wrong-answer, output-limit
import os
print(-1, flush=True)
if os.fork() == 0:
    while True: os.write(1, b"x" * 65536)
