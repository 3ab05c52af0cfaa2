# exit_abort | format: stdio | right output for the answer 0, then abort() with a core to dump | expect: runtime-error
import os, resource
try: resource.setrlimit(resource.RLIMIT_CORE, (1 << 40, 1 << 40))
except (OSError, ValueError): pass
print(0, flush=True)
os.abort()
