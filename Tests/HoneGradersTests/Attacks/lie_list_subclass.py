# lie_list_subclass | format: script | a list that is equal to everything | expect: wrong-answer | attempts: equality-trick
class Any(list):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __len__(self): return 0
    def __iter__(self): return iter(())
def solve(xs):
    return Any([-1])
