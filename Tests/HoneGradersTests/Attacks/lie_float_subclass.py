# lie_float_subclass | format: call | a float whose comparisons all hold | expect: wrong-answer | attempts: equality-trick
class Any(float):
    __eq__ = __le__ = __ge__ = lambda self, other: True
    __ne__ = __lt__ = __gt__ = lambda self, other: False
    __sub__ = __rsub__ = __abs__ = lambda self, *other: 0.0
    __hash__ = float.__hash__
def solve(xs):
    return Any(-1)
