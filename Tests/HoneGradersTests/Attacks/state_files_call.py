# state_files_call | format: call | counts its calls in files and in every module that outlives a case | expect: wrong-answer
import builtins, os, sys
def solve(xs):
    n = max(getattr(builtins, "_breach", 0), getattr(sys, "_breach", 0), getattr(os, "_breach", 0))
    for path in ("/tmp/.hone-breach-calls", "/dev/shm/.hone-breach-calls", ".hone-breach-calls"):
        try: n = max(n, int(open(path).read()))
        except (OSError, ValueError): pass
        try: open(path, "w").write(str(n + 1))
        except OSError: pass
    builtins._breach = sys._breach = os._breach = n + 1
    return (0, 0, 2, 10, 2, 1, 5, 0, 5, 15)[n % 10]
