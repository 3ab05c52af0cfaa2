# lie_empty_string | format: script | an empty value, for graders that take what is false as "no difference" | expect: wrong-answer
def solve(xs):
    return ("", [], {}, (), set())[len(xs) % 5]
