# syntax_constant_folding_refused | format: stdio | the same behind a condition that is never met: compiling must cost nothing | expect: wrong-answer, compile-error
if 0: x = ((((2 ** 99) ** 99) ** 99) ** 99, ("x" * 4096) * 4096 * 4096, ((0,) * 256) * 256 * 256, 9 ** 9 ** 9 if 0 else 0)
print(-1)
