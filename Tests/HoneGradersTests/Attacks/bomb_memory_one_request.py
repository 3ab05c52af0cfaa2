# bomb_memory_one_request | format: stdio | a terabyte at once | expect: memory-limit, runtime-error
x = "x" * (1 << 40)
