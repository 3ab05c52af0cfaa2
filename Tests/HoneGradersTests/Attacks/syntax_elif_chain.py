# syntax_elif_chain | format: stdio | fifteen thousand branches of one condition | expect: compile-error, runtime-error, wrong-answer, time-limit, memory-limit
if 0: pass
⟪15000|elif 0: pass\n⟫else: print(-1)
