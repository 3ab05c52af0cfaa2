# syntax_return_outside | format: stdio | return, await and yield where they may not be | expect: compile-error
print(0)
return
