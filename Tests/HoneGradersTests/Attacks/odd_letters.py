# odd_letters | format: call | right, under a name whose letters are only equal after normalisation | expect: passed
def ｓｏｌｖｅ(xs):
    return sum(a > b for i, a in enumerate(xs) for b in xs[i:])
