# bomb_sleep | format: stdio | sleeps without using the processor | expect: time-limit
import time
while True: time.sleep(1000)
