# state_daemon_call | format: call | a double-forked, renamed, re-sessioned child outlives the call | expect: wrong-answer
import ctypes, os, time
def solve(xs):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            ctypes.CDLL(None).prctl(15, b"hone-breach", 0, 0, 0)
            time.sleep(2)
            for place in ("/tmp", "/var/tmp", "/dev/shm", "."):
                try: open(place + "/SANDBOX_BREACH_daemon", "w").close()
                except OSError: pass
            time.sleep(20)
        os._exit(0)
    return -1
