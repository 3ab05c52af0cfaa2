# bomb_busy_script | format: script | an endless loop inside an assert | expect: time-limit
def solve(xs):
    while True: pass
