# odd_mutates_argument | format: call | right, by a merge sort that reorders its argument | expect: passed
def solve(xs):
    if len(xs) < 2: return 0
    left, right = xs[:len(xs) // 2], xs[len(xs) // 2:]
    count = solve(left) + solve(right)
    xs.clear()
    while left or right:
        if not right or left and left[0] <= right[0]: xs.append(left.pop(0))
        else:
            count += len(left)
            xs.append(right.pop(0))
    return count
