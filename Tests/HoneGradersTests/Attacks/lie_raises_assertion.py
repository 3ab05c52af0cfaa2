# lie_raises_assertion | format: humaneval | raises what the test would raise, and worse, with arguments that lie | expect: wrong-answer, runtime-error
class Sneaky(AssertionError):
    def __eq__(self, other): return True
    def __bool__(self): return False
    __hash__ = None
def solve(xs):
    raise Sneaky(Sneaky())
