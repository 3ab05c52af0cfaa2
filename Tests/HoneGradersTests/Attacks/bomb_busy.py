# bomb_busy | format: stdio | an endless loop | expect: time-limit
while True: pass
