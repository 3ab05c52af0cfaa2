# exit_skip_test | format: call | raises the exceptions by which test runners skip | expect: runtime-error
def solve(xs):
    try:
        import pytest
        pytest.skip("not today")
    except ImportError: pass
    import unittest
    raise unittest.SkipTest("not today")
