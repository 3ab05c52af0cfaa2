# odd_white_space | format: stdio | right, with spaces and empty lines at the end as judges forgive them | expect: passed
n = int(input())
xs = list(map(int, input().split()))
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]), end="  \t\n\n\n")
