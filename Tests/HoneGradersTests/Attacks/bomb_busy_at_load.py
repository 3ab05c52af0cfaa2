# bomb_busy_at_load | format: humaneval | never finishes loading | expect: time-limit
while True: pass
