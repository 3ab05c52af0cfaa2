# syntax_empty_stdio | format: stdio | nothing but this line | expect: wrong-answer
