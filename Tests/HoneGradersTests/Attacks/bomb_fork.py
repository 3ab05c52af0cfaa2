# bomb_fork | format: stdio | forks without end and in every child | expect: wrong-answer, runtime-error, time-limit
import os, time
# As root nothing holds it: being root at all is the breach, and nothing more need be shown.
end = time.monotonic() + 3
while os.getuid() and time.monotonic() < end:
    try: os.fork()
    except OSError: pass
print(-1)
