# bomb_inodes | format: stdio | twenty thousand empty files in each place | expect: wrong-answer, runtime-error, time-limit, output-limit, memory-limit
for place in (".", "/dev/shm", "/var/tmp"):
    for k in range(20_000):
        try: open(f"{place}/hone-breach-{k}", "w").close()
        except OSError: break
print(-1)
