# exit_raise_system_exit_subclass | format: call | raises a subclass of SystemExit whose code claims success | expect: wrong-answer, runtime-error | attempts: early-exit
class Done(SystemExit):
    code = 0
    def __str__(self): return "passed"
def solve(xs):
    raise Done(0)
