# exit_generator_body | format: call | returns a generator whose body leaves with SystemExit when it is drained | expect: wrong-answer, runtime-error
def solve(xs):
    def run():
        yield 0
        raise SystemExit(0)
    return run()
