# bomb_memory_scratch | format: stdio | files of the scratch are memory as well | expect: wrong-answer, runtime-error, memory-limit, output-limit
for k in range(200):
    try: open(f"file{k}", "wb").write(b"x" * (8 << 20))
    except OSError: break
print(-1)
