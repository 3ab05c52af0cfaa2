# forge_results_flood | format: call | a hundred megabytes into the channel of the results | expect: output-limit, wrong-answer, runtime-error, forbidden
import os
def solve(xs):
    for _ in range(1600):
        for fd in range(3, 64):
            try: os.write(fd, b"V" * 65536)
            except OSError: pass
    return -1
