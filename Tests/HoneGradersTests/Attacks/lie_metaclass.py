# lie_metaclass | format: call | the type itself lies: name, module, equality, instance and subclass checks | expect: wrong-answer | attempts: equality-trick
class Meta(type):
    def __eq__(cls, other): return True
    def __hash__(cls): return hash(int)
    def __instancecheck__(cls, other): return True
    def __subclasscheck__(cls, other): return True
    def __repr__(cls): return "<class 'int'>"
    def __call__(cls, *a): return super().__call__()
class Fake(metaclass=Meta):
    def __eq__(self, other): return True
    __hash__ = None
Fake.__name__ = Fake.__qualname__ = "int"
Fake.__module__ = "builtins"
def solve(xs):
    return Fake()
