# stdout_replaced_by_file | format: stdio | prints the right answer into a file that takes the place of standard output | expect: wrong-answer
import os
xs = [int(t) for t in open(0).read().split()[1:]]
os.dup2(os.open("stdout", os.O_RDWR | os.O_CREAT), 1)
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]))
