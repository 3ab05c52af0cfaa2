# syntax_constant_folding | format: call | constants that an eager compiler computes: shifts, powers, repetition | expect: memory-limit, time-limit, runtime-error, compile-error, wrong-answer, output-limit
def solve(xs):
    return (((((1 << 64) << 64) ** 99) ** 99) ** 99, "x" * 4096 * 4096 * 4096, (0,) * 256 * 256 * 256 * 256)
