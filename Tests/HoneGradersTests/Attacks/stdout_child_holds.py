# stdout_child_holds | format: stdio | a child keeps standard output open for long after a wrong answer: no time-out | expect: wrong-answer
import os, time
print(-1, flush=True)
if os.fork() == 0:
    time.sleep(30)
    os._exit(0)
