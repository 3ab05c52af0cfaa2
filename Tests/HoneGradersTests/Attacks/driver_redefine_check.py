# driver_redefine_check | format: humaneval | brings its own check, METADATA, test runner and main | expect: wrong-answer
METADATA = {"passed": True}
def check(candidate): pass
def run_tests(*a, **k): return True
def main(*a, **k): return 0
def test_check(*a, **k): pass
def solve(xs):
    import sys
    for module in list(sys.modules.values()):
        for name in ("check", "run_tests", "main"):
            if hasattr(module, name):
                try: setattr(module, name, lambda *a, **k: None)
                except (AttributeError, TypeError): pass
    return -1
