# lie_missing | format: call | there is no such name | expect: wrong-answer, runtime-error
def solved(xs):
    return 0
