# syntax_format_strings | format: stdio | format strings inside format strings, and their widths | expect: compile-error, runtime-error, memory-limit, output-limit, wrong-answer
print(f"{'x':{10**9}}" if 0 else f"{f'{f"""{1:{2}}"""}'}", ⟪2000|f\"{1}\" ⟫)
