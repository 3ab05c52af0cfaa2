# state_daemon_humaneval | format: humaneval | the child that outlives the check goes on answering on the link | expect: wrong-answer, runtime-error, forbidden
import ctypes, os, time
def solve(xs):
    if os.fork() == 0:
        os.setsid()
        ctypes.CDLL(None).prctl(15, b"hone-breach", 0, 0, 0)
        for _ in range(20):
            time.sleep(0.1)
            for fd in range(3, 16):
                try: os.write(fd, b"P\x00\x00\x00\x00")
                except OSError: pass
        os._exit(0)
    return -1
