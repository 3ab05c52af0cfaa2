# escape_symlinks | format: stdio | every name that a grader might read back leads to a file of the host | expect: wrong-answer
import os
for name in ("output.txt", "stdout", "stderr", "result.json", "results", "answer", "program", "program.py", "a.out", "main", "out", "core", "job", "collect", "checker", "input"):
    for target in ("/etc/passwd", "/dev/zero", "/proc/self/mem", "/"):
        try:
            if os.path.lexists(name): os.unlink(name)
            os.symlink(target, name)
        except OSError: pass
print(-1)
