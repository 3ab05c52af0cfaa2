# bomb_stop_self | format: stdio | stops itself, so that no limit of processor time is ever reached | expect: time-limit
import os, signal
os.kill(os.getpid(), signal.SIGSTOP)
while True: os.kill(os.getpid(), signal.SIGTSTP)
