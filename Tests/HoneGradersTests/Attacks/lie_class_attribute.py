# lie_class_attribute | format: call | __class__ says int, so isinstance believes it | expect: wrong-answer | attempts: equality-trick
class Fake:
    @property
    def __class__(self): return int
    def __eq__(self, other): return True
    def __hash__(self): return 0
    def __index__(self): return 0
    __int__ = __index__
    def __format__(self, spec): return "0"
    def __repr__(self): return "0"
def solve(xs):
    assert isinstance(Fake(), int)
    return Fake()
