# bomb_output_bytes | format: stdio | endless output, one byte at a time | expect: output-limit, time-limit
import os
while True: os.write(1, b"1")
