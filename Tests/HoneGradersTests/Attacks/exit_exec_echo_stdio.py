# exit_exec_echo_stdio | format: stdio | becomes another program that prints a success word | expect: wrong-answer, runtime-error, forbidden
import os
for path in ("/bin/echo", "/usr/bin/echo"):
    try: os.execv(path, ["echo", "PASSED"])
    except OSError: pass
