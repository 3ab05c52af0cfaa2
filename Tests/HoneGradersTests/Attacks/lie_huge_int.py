# lie_huge_int | format: call | an integer of a million hexadecimal digits, whose decimal digits cost minutes | expect: wrong-answer, output-limit, runtime-error
def solve(xs):
    return (1 << 3_900_000) + 1
