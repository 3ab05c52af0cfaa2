# syntax_star_targets | format: stdio | assignment to targets inside targets inside targets | expect: compile-error, runtime-error
⟪60000|(⟫a⟪60000|,)⟫ = 0
