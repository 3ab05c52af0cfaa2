# bomb_recursion_c | format: call | recursion through C: repr, comparison, sort keys, properties | expect: runtime-error, memory-limit, time-limit
import sys, threading
sys.setrecursionlimit(2**31 - 1)
class Again:
    def __repr__(self): return repr(self)
    def __lt__(self, other): return sorted([self, other])[0]
    def __getattr__(self, name): return getattr(self, name + "x")
def solve(xs):
    threading.stack_size(16 << 20)
    worker = threading.Thread(target=repr, args=(Again(),))
    worker.start()
    worker.join()
    return repr(Again())
