# bomb_memory_objects | format: call | small objects without end | expect: memory-limit, runtime-error, time-limit
def solve(xs):
    hoard = []
    while True: hoard.append([hoard])
