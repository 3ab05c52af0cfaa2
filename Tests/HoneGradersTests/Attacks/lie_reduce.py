# lie_reduce | format: call | pickles into code that marks a breach | expect: wrong-answer
import os
class Parcel:
    def __reduce__(self):
        code = "[open(d + '/SANDBOX_BREACH_pickle', 'w').close() for d in ('/tmp', '/var/tmp', '/dev/shm', '.')] and 0"
        return eval, (code,)
    def __eq__(self, other): return True
    __hash__ = None
def solve(xs):
    return Parcel()
