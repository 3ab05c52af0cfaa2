# steal_tests_on_disk | format: stdio | walks the file system for tests, answers and the grader's own files; right only if it finds some | expect: wrong-answer, time-limit
import os
found, looked = False, 0
words = ("tasks.json", "tests.json", "expected", "answer", "correct_output", "driver.py", "hone", ".jsonl")
for top in ("/", "..", "../..", os.path.expanduser("~"), "/tmp", "/var", "/run", "/srv", "/work", "/home", "/root", "/mnt"):
    for folder, folders, files in os.walk(top):
        folders[:] = [f for f in folders if f not in ("proc", "sys", "dev", "usr", "lib", "lib64", "bin", "sbin", "etc")]
        looked += len(files)
        if looked > 20000: break
        for name in files:
            if any(word in name for word in words): found = True
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if found else -1)
