# driver_sys_modules_clear | format: call | no module is left, no importer, no path | expect: wrong-answer, runtime-error
import sys
def solve(xs):
    sys.modules.clear()
    sys.meta_path.clear()
    sys.path_hooks.clear()
    sys.path.clear()
    sys.path_importer_cache.clear()
    return -1
