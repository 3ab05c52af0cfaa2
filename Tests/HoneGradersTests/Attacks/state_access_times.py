# state_access_times | format: stdio | counts its runs by the access times of system files, which reading changes where they are not read-only | expect: wrong-answer, runtime-error
import os, sys, time
folder = os.path.dirname(os.__file__)
names = sorted(n for n in os.listdir(folder) if n.startswith(("ns", "nn", "ni", "ne", "aif", "chu", "cro", "pip", "sun", "xdr", "tel", "uu")) and n.endswith(".py"))
n = sum(time.time() - os.stat(os.path.join(folder, name)).st_atime < 20 for name in names)
if n < len(names):
    with open(os.path.join(folder, names[n])) as file: file.read()
print((0, 2, 10, 2, 1, 5, 5, 15)[n % 8])
