# bomb_busy_threads | format: stdio | C code on many threads at once: processor time is the sum | expect: time-limit
import hashlib, threading
def burn():
    while True: hashlib.pbkdf2_hmac("sha256", b"x", b"y", 1_000_000)
for _ in range(8):
    try: threading.Thread(target=burn).start()
    except RuntimeError: break
burn()
