# bomb_fork_shell | format: stdio | the shell's classic | expect: wrong-answer, runtime-error, time-limit
import os, subprocess
if os.getuid():
    try: subprocess.run(["/bin/sh", "-c", "b() { b | b & }; b; sleep 2"], timeout=3)
    except (OSError, subprocess.SubprocessError): pass
print(-1)
