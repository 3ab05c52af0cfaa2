# lie_hidden_in_list | format: call | an honest list that holds a lying element | expect: wrong-answer | attempts: equality-trick
class Any:
    def __eq__(self, other): return True
    def __hash__(self): return 0
def solve(xs):
    return [Any()]
