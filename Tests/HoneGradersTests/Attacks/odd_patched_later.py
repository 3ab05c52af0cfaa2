# odd_patched_later | format: call | right, though it renames builtins for its own use | expect: passed
from math import *
sum_, len_ = sum, len
list = dict = str = int = type = None
def solve(xs):
    return sum_(a > b for i, a in enumerate(xs) for b in xs[i:])
