# lie_module_getattr | format: call | a callable that answers to every name and is its own result | expect: wrong-answer, runtime-error
class Everything:
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __eq__(self, other): return True
    __hash__ = None
solve = Solution = Everything()
def __getattr__(name): return solve
