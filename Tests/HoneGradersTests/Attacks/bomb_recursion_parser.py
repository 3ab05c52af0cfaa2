# bomb_recursion_parser | format: stdio | deep nests for every parser of the library | expect: runtime-error, wrong-answer, memory-limit, time-limit
import ast, json, pickle, sys
sys.setrecursionlimit(10**9)
for act in (lambda: json.loads("[" * 10**6), lambda: ast.parse("-" * 10**5 + "1"), lambda: eval("(" * 10**5), lambda: pickle.loads(b"]" * 10**6 + b"a" * (10**6 - 1) + b"."), lambda: compile("a" + ".b" * 10**5, "x", "eval")):
    try: act()
    except Exception: pass
print(-1)
