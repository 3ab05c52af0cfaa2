# forge_link_endless_object | format: humaneval | an object whose every attribute is another object, and that says of itself what pleases | expect: wrong-answer, runtime-error, time-limit, forbidden
class Endless:
    def __getattr__(self, name): return Endless()
    def __call__(self, *a, **k): return Endless()
    def __bool__(self): return True
def solve(xs):
    return Endless()
