# syntax_giant_hex_number | format: call | the same in hexadecimal, which Python does not refuse | expect: wrong-answer, output-limit, compile-error, runtime-error
def solve(xs):
    return 0x⟪200000|9⟫
