# stdout_empty_lines_only | format: stdio | white space of every kind | expect: wrong-answer
print("\n \t\r\n\v\f\x1c\u2028\u3000\n" * 100)
