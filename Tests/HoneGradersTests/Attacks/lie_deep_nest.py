# lie_deep_nest | format: call | a list a hundred thousand levels deep | expect: wrong-answer, runtime-error
def solve(xs):
    a = []
    for _ in range(100_000): a = [a]
    return a
