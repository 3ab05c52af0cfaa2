# driver_import_path | format: call | plants modules and importers that the driver would load next | expect: wrong-answer, runtime-error, forbidden
import sys
fake = "import os\nfor fd in range(3, 64):\n    try: os.write(fd, b'V\\x06\\x00\\x00\\x00i\\x01\\x00\\x00\\x000')\n    except OSError: pass\nos._exit(0)\n"
for name in ("struct", "json", "traceback", "linecache", "tokenize", "re", "ctypes", "warnings", "collections", "encodings", "sitecustomize", "usercustomize"):
    try: open(name + ".py", "w").write(fake)
    except OSError: pass
sys.path.insert(0, ".")
def solve(xs):
    for name in ("struct", "json", "traceback", "linecache", "tokenize", "warnings"): sys.modules.pop(name, None)
    raise ValueError("look at my traceback")
