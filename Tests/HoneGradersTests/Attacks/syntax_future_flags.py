# syntax_future_flags | format: call | flags from the future that change how what follows is compiled | expect: compile-error, wrong-answer
from __future__ import annotations, barry_as_FLUFL
def solve(xs):
    return 1 <> 1
