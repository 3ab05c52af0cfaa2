# syntax_escape_sequences | format: stdio | eight thousand names of characters | expect: wrong-answer, compile-error, runtime-error
print(len("⟪8000|\\N{GREEK SMALL LETTER ALPHA}⟫"))
