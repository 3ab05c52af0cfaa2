# steal_parent_memory | format: call | reads the memory of its parents and of every process that it sees, through /proc; right only if that works | expect: wrong-answer
import os, re
def readable(pid):
    try:
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
            for line in maps:
                found = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
                if found:
                    memory.seek(int(found[1], 16))
                    return len(memory.read(16)) == 16
    except (OSError, ValueError): return False
def solve(xs):
    others = [1, os.getppid(), *range(2, 400)]
    if any(readable(pid) for pid in others if pid not in (0, os.getpid())):
        return sum(a > b for i, a in enumerate(xs) for b in xs[i:])
    return -1
