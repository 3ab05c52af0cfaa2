# lie_dict_subclass | format: call | a dict subclass that compares equal and has every key | expect: wrong-answer | attempts: equality-trick
class Any(dict):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __missing__(self, key): return 0
    def __contains__(self, key): return True
def solve(xs):
    return Any(passed=True)
