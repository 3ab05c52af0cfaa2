# lie_infinite_iterator | format: call | an iterator without an end | expect: wrong-answer, output-limit, memory-limit, time-limit
import itertools
def solve(xs):
    return itertools.count()
