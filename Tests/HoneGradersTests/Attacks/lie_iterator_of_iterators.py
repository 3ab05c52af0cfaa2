# lie_iterator_of_iterators | format: call | iterators that hold iterators that hold themselves | expect: wrong-answer, output-limit, memory-limit, time-limit, runtime-error
def solve(xs):
    def again():
        while True: yield again()
    return again()
