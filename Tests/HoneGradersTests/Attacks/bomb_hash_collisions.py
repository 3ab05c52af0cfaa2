# bomb_hash_collisions | format: call | a set of numbers that all hash alike | expect: time-limit
def solve(xs):
    return len({n * ((1 << 61) - 1) for n in range(1 << 20)})
