# forge_exit_status | format: call | ends with the statuses that supervisors keep for themselves | expect: wrong-answer, runtime-error
import os
def solve(xs):
    os._exit((0, 70, 71, 124, 125, 126, 127, 137, 255)[len(xs) % 9])
