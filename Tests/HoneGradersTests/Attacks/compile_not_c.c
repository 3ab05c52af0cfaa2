// compile_not_c | format: compile | another language altogether | expect: compile-error
print("0")
