# driver_audit_hook | format: call | an audit hook raises at every event from now on, which cannot be undone | expect: wrong-answer, runtime-error
import sys
class Stop(BaseException): pass
def hook(event, arguments): raise Stop(event)
def solve(xs):
    sys.addaudithook(hook)
    return -1
