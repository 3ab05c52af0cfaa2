# lie_not_a_value | format: call | NotImplemented, Ellipsis, a type, a module, a function | expect: wrong-answer, runtime-error
import sys
def solve(xs):
    return (NotImplemented, ..., int, sys, solve)[len(xs) % 5]
