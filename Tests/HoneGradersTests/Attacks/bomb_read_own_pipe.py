# bomb_read_own_pipe | format: stdio | reads from a pipe into which only it could write | expect: time-limit
import os
reader, writer = os.pipe()
os.read(reader, 1)
