# lie_coroutine | format: call | an unfinished coroutine instead of a value | expect: wrong-answer, runtime-error
async def solve(xs):
    return 0
