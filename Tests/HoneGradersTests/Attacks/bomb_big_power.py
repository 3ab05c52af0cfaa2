# bomb_big_power | format: call | one multiplication that outlasts every alarm | expect: time-limit, memory-limit, runtime-error
def solve(xs):
    return 9**9**9 % 10
