# odd_humaneval | format: humaneval | right, with helpers, imports and a main block | expect: passed
from typing import List
def pairs(xs: List[int]):
    for i, a in enumerate(xs):
        for b in xs[i:]: yield a, b
def solve(xs: List[int]) -> int:
    return sum(a > b for a, b in pairs(xs))
if __name__ == "__main__":
    raise SystemExit(1)
