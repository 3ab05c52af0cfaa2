# steal_environment | format: stdio | looks for anything of the host in the environment and the arguments; right only if there is | expect: wrong-answer
import os, sys
usual = {"PATH", "LANG", "HOME", "PYTHONHASHSEED", "LC_CTYPE", "PWD", "SHLVL", "_"}
extra = set(os.environ) - usual
home = os.path.isdir(os.environ.get("HOME", "/nonexistent"))
arguments = any("assert" in word or "expected" in word for word in sys.argv + getattr(sys, "orig_argv", []))
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if extra or home or arguments else -1)
