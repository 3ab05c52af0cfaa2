# state_daemon | format: stdio | leaves sessions of daemons behind; after 2 s they mark their survival | expect: wrong-answer
import ctypes, os, signal, time
print(-1, flush=True)
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            ctypes.CDLL(None).prctl(15, b"hone-breach", 0, 0, 0)
            for number in range(1, 65):
                try: signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError): pass
            os.closerange(0, 64)
            time.sleep(2)
            for place in ("/tmp", "/var/tmp", "/dev/shm", "."):
                try: open(place + "/SANDBOX_BREACH_daemon", "w").close()
                except OSError: pass
            time.sleep(20)
        os._exit(0)
