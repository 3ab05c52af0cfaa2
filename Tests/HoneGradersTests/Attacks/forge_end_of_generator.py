# forge_end_of_generator | format: mapped | the same with its relatives, by number of calls | expect: wrong-answer, runtime-error
class Done(StopIteration, StopAsyncIteration): pass
def solve(xs):
    raise Done(0)
