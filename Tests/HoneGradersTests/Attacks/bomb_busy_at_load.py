# bomb_busy_at_load | format: humaneval | never finishes loading | expect: time-limit
def solve(xs):
    return -1
while True: pass
