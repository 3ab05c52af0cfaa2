# syntax_giant_text | format: stdio | a string of two hundred kilobytes | expect: wrong-answer, output-limit, compile-error, memory-limit, runtime-error
print("⟪200000|x⟫"[-1])
