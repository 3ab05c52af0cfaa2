# exit_thread_stdio | format: stdio | a thread ends the process with status 0 before anything is printed | expect: wrong-answer
import os, threading, time
threading.Timer(0.02, os._exit, (0,)).start()
time.sleep(5)
