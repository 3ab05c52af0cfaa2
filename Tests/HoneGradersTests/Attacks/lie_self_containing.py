# lie_self_containing | format: call | containers that contain themselves | expect: wrong-answer, runtime-error
def solve(xs):
    a, d = [], {}
    a.append(a)
    d["d"] = d
    return [a, d]
