# lie_array_scalar | format: call | looks like an array library's scalar: item, tolist, dtype | expect: wrong-answer | attempts: equality-trick
class Scalar:
    dtype, shape, ndim, size = "int64", (), 0, 1
    def item(self): return self
    tolist = item
    def all(self): return True
    any = all
    def __array__(self, *a): return self
    def __eq__(self, other): return self
    def __bool__(self): return True
    __hash__ = None
def solve(xs):
    return Scalar()
