# lie_mutated_argument | format: humaneval | fills the argument with lying objects and huge ones on the way | expect: wrong-answer, runtime-error, output-limit, memory-limit, time-limit
class Any:
    def __eq__(self, other): return True
    __hash__ = None
def solve(xs):
    xs.extend([Any()] * 10)
    xs.append(xs)
    xs.extend([0] * 100_000)
    return -1
