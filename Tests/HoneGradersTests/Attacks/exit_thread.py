# exit_thread | format: call | a thread ends the process with status 0 while the function works | expect: wrong-answer, runtime-error | attempts: early-exit
import os, threading, time
def leave():
    time.sleep(0.02)
    os._exit(0)
threading.Thread(target=leave, daemon=True).start()
def solve(xs):
    while True: time.sleep(0.001)
