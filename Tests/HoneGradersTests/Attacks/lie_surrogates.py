# lie_surrogates | format: call | text with lone surrogates, NUL and a byte order mark | expect: wrong-answer, runtime-error
def solve(xs):
    return "\ud800\udfff\ud83d\x00\ufeff\uffff"
