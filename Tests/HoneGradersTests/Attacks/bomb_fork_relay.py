# bomb_fork_relay | format: stdio | each process does little and passes on to the next, so that none ever reaches a limit of its own | expect: time-limit, wrong-answer, runtime-error
import os, time
if os.getuid() and os.fork() == 0:
    os.setsid()
    end = time.monotonic() + 8
    while time.monotonic() < end:
        sum(range(100_000))
        try:
            if os.fork(): os._exit(0)
        except OSError: time.sleep(0.001)
    os._exit(0)
time.sleep(10)
