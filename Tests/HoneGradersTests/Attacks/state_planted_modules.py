# state_planted_modules | format: stdio | plants start-up files and modules that give the next run its answers | expect: wrong-answer
import os, site, sys
import random
n = getattr(random, "breach", 0)
text = f"breach = {n + 1}\n"
places = {".", os.path.expanduser("~"), sys.prefix, *sys.path}
try: places |= {site.getusersitepackages(), *site.getsitepackages()}
except Exception: pass
for place in places:
    for name in ("random.py", "sitecustomize.py", "usercustomize.py", "breach.pth", "conftest.py", ".pythonrc.py", "__pycache__/random.cpython-311.pyc"):
        try:
            os.makedirs(os.path.dirname(os.path.join(place, name)) or ".", exist_ok=True)
            open(os.path.join(place, name), "w").write(text)
        except OSError: pass
print((0, 2, 10, 2, 1, 5, 5, 15)[n % 8])
