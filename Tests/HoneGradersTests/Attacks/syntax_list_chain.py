# syntax_list_chain | format: stdio | lists in lists, deeper than any stack | expect: compile-error, runtime-error
print(⟪120000|[⟫⟪120000|]⟫)
