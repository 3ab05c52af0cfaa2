# lie_not_callable | format: call | the name is no function | expect: wrong-answer, runtime-error
solve = 0
