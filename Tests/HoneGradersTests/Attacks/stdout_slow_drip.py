# stdout_slow_drip | format: stdio | a byte now and then, never done | expect: time-limit
import os, time
while True:
    os.write(1, b".")
    time.sleep(0.05)
