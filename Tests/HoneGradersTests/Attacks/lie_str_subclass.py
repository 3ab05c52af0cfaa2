# lie_str_subclass | format: humaneval | a str that is equal to everything, in the assertions' own process if it gets there | expect: wrong-answer | attempts: equality-trick
class Any(str):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __hash__ = str.__hash__
def solve(xs):
    return Any("no")
