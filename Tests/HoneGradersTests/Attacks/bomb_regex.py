# bomb_regex | format: call | a pattern that goes back for ever, in C, deaf to signals' handlers | expect: time-limit
import re
def solve(xs):
    return re.match(r"(a|aa|a?)+$", "a" * 200 + "b") is None
