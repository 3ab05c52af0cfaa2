# stdout_all_answers | format: stdio | every number that might be the answer, on lines of their own and on one | expect: wrong-answer
print(*range(50), sep="\n")
print(*range(50))
