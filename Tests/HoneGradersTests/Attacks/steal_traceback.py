# steal_traceback | format: humaneval | raises and reads the callers' locals and constants from the traceback | expect: wrong-answer
import sys
def solve(xs):
    try: raise LookupError
    except LookupError as error: frame = error.__traceback__.tb_frame
    while frame:
        for value in list(frame.f_locals.values()) + list(frame.f_code.co_consts):
            if type(value) is str and "assert candidate(" in value:
                for line in value.splitlines():
                    if repr(xs) in line and "==" in line: return int(line.split("==")[1].split()[0])
        frame = frame.f_back
    return -1
