# escape_own_scratch_removed | format: call | removes, renames and replaces its working directory under the grader's feet | expect: wrong-answer, runtime-error
import os
def solve(xs):
    here = os.getcwd()
    for act in (lambda: os.rename(here, here + "-old"), lambda: os.rmdir(here), lambda: os.symlink("/etc", here), lambda: os.chmod(here, 0), lambda: os.unlink(here), lambda: os.chdir("/")):
        try: act()
        except OSError: pass
    return -1
