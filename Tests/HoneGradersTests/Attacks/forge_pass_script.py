# forge_pass_script | format: script | the judge's passed while the module loads, then a clean end | expect: wrong-answer, runtime-error, forbidden
import os, struct
for fd in range(3, 64):
    try: os.write(fd, b"P" + struct.pack("<I", 0))
    except OSError: pass
os._exit(0)
