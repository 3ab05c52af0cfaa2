# steal_heap | format: humaneval | reads its own memory around known objects for the text of the test | expect: wrong-answer, runtime-error, time-limit
import ctypes, re
def solve(xs):
    mark = ("candidate(" + repr(xs)).encode()
    here = id(mark) & ~0xfff
    for page in range(here - (256 << 12), here + (256 << 12), 4096):
        text = ctypes.string_at(page, 4096)
        found = re.search(re.escape(mark) + rb"\)\s*==\s*(\d+)", text)
        if found: return int(found[1])
    return -1
