# bomb_threads | format: stdio | threads without end | expect: wrong-answer, runtime-error, time-limit, memory-limit
import os, threading, time
threading.stack_size(32768)
while os.getuid():
    try: threading.Thread(target=time.sleep, args=(5,), daemon=True).start()
    except (RuntimeError, MemoryError): break
print(-1, flush=True)
os._exit(0)
