# odd_scratch_files | format: stdio | right, by way of temporary files in its scratch | expect: passed
import os, tempfile
xs = [int(t) for t in open(0).read().split()[1:]]
with tempfile.NamedTemporaryFile("w+") as file, open("notes", "w") as notes:
    file.write(" ".join(map(str, xs)))
    notes.write("x")
    file.seek(0)
    xs = list(map(int, file.read().split()))
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]))
