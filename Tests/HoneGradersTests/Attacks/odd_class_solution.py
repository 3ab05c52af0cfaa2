# odd_class_solution | format: call | right, as a method of a class Solution | expect: passed
class Solution:
    def __init__(self): self.calls = 0
    def solve(self, xs):
        self.calls += 1
        return sum(a > b for i, a in enumerate(xs) for b in xs[i:])
