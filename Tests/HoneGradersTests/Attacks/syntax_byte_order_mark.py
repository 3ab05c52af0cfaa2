# syntax_byte_order_mark | format: stdio | byte order marks, also where none may be | expect: compile-error, wrong-answer, runtime-error
⟪3|\ufeff⟫print(-1)
