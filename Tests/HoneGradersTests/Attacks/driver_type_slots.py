# driver_type_slots | format: humaneval | patches int.__eq__ and its kin through the dictionary behind the mapping proxy | expect: wrong-answer, runtime-error
import ctypes, gc
for kind in (int, bool, list, str, float):
    table = gc.get_referents(kind.__dict__)[0]
    table["__eq__"] = lambda self, other: True
    table["__ne__"] = lambda self, other: False
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))
def solve(xs):
    return -1
