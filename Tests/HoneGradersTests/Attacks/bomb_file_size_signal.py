# bomb_file_size_signal | format: stdio | writes past the file size limit and takes the signal | expect: runtime-error, output-limit, memory-limit, wrong-answer
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
with open("big", "wb", 0) as file:
    while file.write(b"x" * (1 << 20)): pass
