# bomb_raised_limits | format: stdio | raises every limit that can be raised, with prlimit too, then takes memory | expect: memory-limit, runtime-error
import os, resource
for kind in range(16):
    for target in (0, os.getpid()):
        try: resource.prlimit(target, kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        except (OSError, ValueError): pass
    try: resource.setrlimit(kind, (resource.getrlimit(kind)[1],) * 2)
    except (OSError, ValueError): pass
hoard = []
while True: hoard.append(bytearray(32 << 20))
