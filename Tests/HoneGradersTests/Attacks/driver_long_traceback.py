# driver_long_traceback | format: call | a chain of ten thousand causes and a message of a hundred megabytes | expect: runtime-error, wrong-answer, time-limit, memory-limit, output-limit
def solve(xs):
    error = ValueError("x" * 50_000_000)
    for _ in range(10_000):
        wrapped = ValueError()
        wrapped.__cause__ = error
        error = wrapped
    raise ExceptionGroup("y" * 1_000_000, [error] * 100)
