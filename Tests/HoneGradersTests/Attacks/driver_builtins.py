# driver_builtins | format: call | type, isinstance, len, zip, all, any, range and the rest tell the driver what it wants to hear | expect: wrong-answer, runtime-error
import builtins
def solve(xs):
    real_type = type
    builtins.type = lambda *a: int if len(a) == 1 else real_type(*a)
    builtins.isinstance = builtins.issubclass = builtins.all = builtins.any = builtins.callable = lambda *a: True
    builtins.zip = lambda *a, **k: iter(())
    builtins.len = lambda *a: 0
    builtins.repr = builtins.str = builtins.format = builtins.ascii = lambda *a: "0"
    builtins.hex = lambda *a: "0x0"
    builtins.range = builtins.sorted = builtins.list = builtins.tuple = builtins.enumerate = builtins.map = lambda *a, **k: []
    builtins.id = builtins.hash = builtins.int = builtins.abs = builtins.sum = lambda *a, **k: 0
    builtins.getattr = lambda *a: None
    return -1
