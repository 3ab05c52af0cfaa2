// HoneNumerics
