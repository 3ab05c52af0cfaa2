# forge_end_of_iteration | format: mapped | raises what ends an iteration, so that a test which loops over results sees none | expect: wrong-answer, runtime-error
def solve(xs):
    raise StopIteration
