# odd_script | format: script | right, with a cache that outlives the call | expect: passed
from functools import lru_cache
@lru_cache(maxsize=None)
def count(xs): return sum(a > b for i, a in enumerate(xs) for b in xs[i:])
solve = lambda xs: count(tuple(xs))
