# lie_not_implemented_script | format: script | NotImplemented, which is true | expect: wrong-answer, runtime-error
def solve(xs):
    return NotImplemented
