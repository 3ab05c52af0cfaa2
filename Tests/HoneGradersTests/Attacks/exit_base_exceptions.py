# exit_base_exceptions | format: call | raises what `except Exception` does not catch | expect: runtime-error
class Quiet(BaseException):
    def __str__(self): raise Quiet()
    __repr__ = __str__
def solve(xs):
    raise (KeyboardInterrupt, GeneratorExit, Quiet)[len(xs) % 3]
