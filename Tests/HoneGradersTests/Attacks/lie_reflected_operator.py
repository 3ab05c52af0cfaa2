# lie_reflected_operator | format: script | lies only in the reflected comparison of a subclass, which Python asks first | expect: wrong-answer | attempts: equality-trick
class Any(int):
    def __eq__(self, other): return type(other) is int or int.__eq__(self, other)
    __hash__ = int.__hash__
def solve(xs):
    return Any(10**9)
