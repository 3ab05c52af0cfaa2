# bomb_big_print | format: stdio | the decimal digits of a huge number | expect: time-limit, memory-limit, runtime-error, output-limit
import sys
sys.set_int_max_str_digits(0)
print((1 << 100_000_000) - 1)
