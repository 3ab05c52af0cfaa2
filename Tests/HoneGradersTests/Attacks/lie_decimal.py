# lie_decimal | format: script | a number type that compares with int by value, always zero | expect: wrong-answer
from fractions import Fraction
def solve(xs):
    return Fraction(0)
