# syntax_error_in_humaneval | format: humaneval | a syntax error that would close the prompt's function and begin another | expect: compile-error, runtime-error, wrong-answer
    return 0)
def check(candidate): pass
