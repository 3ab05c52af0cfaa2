# lie_surrogates_humaneval | format: humaneval | an error whose text cannot be encoded, and whose arguments cannot either | expect: wrong-answer, runtime-error
class Odd(Exception):
    def __str__(self): return "\ud800\x00" * 1000
    @property
    def args(self): raise Odd
def solve(xs):
    raise Odd("\udfff")
