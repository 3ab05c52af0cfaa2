# exit_exec_true | format: call | becomes /bin/true, which exits with 0 | expect: wrong-answer, runtime-error, forbidden
import os
def solve(xs):
    for path in ("/bin/true", "/usr/bin/true", "/bin/sh", "/bin/echo"):
        try: os.execv(path, [path, "-c", "exit 0"])
        except OSError: pass
    os._exit(0)
