# syntax_empty | format: call | nothing but this line | expect: wrong-answer, runtime-error, compile-error
