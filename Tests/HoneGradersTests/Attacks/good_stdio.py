n = int(input())
xs = list(map(int, input().split()))
print(sum(a > b for i, a in enumerate(xs) for b in xs[i + 1:]))
