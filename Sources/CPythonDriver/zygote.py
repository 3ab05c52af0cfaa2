# ---- The zygote ------------------------------------------------------------------------------
#
# Over the socket, a packet a message, integers little-endian. The keeper asks
#     "F" flags, uid, gid, five limits, working directory; descriptors beside it     a fork
#     "W" pid                                                                        a wait
# and the zygote answers "P" pid, "E" what failed, or "S" pid, wait status, CPU microseconds, peak
# KiB. Descriptors: the cell's process if it is entered, stdin, stdout, stderr, the job, the
# results, the link if there is one. At the start 4 is the keeper's process, the way back from a
# cell's namespaces; 5 the rules of Landlock, which a child enters by itself, since from inside them
# no cell could be entered; 7 the machine's /proc, where a child that runs a solution puts itself
# forward as the one to be ended when memory runs out, before it runs anything. Each is /dev/null
# where it is not needed. Whatever else arrives ends the zygote: its keeper starts another, and no
# solution is blamed.

ENTERS_CELL, HAS_LINK, CHANGES_USER, DROPS_CAPABILITIES, ENTERS_LANDLOCK = 1, 2, 4, 8, 16
FILES, QUEUES, PROCESSES = 32, 64, 128  # which namespaces a cell has of its own
GOES_FIRST = 256
HOME, RULES, MACHINE = 60, 61, 62  # what is given at the start, out of the way of the rest
LANDLOCK_RESTRICT_SELF = 446  # the same number on every machine
CAPABILITIES_VERSION_3 = 0x20080522
CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWPID = 0x00020000, 0x08000000, 0x20000000
FORK_HEADER = struct.Struct("<xHIIQQQQQ")
LIMITS = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC,
          resource.RLIMIT_NOFILE)
CORE_LIMIT, STACK_LIMIT = resource.RLIMIT_CORE, resource.RLIMIT_STACK
ANCILLARY_BYTES = _socket.CMSG_SPACE(4 * 8)
CLOSE_ON_EXEC = _socket.MSG_CMSG_CLOEXEC


def prepare():
    """Leaves nothing to do, and nothing to find, for the children."""
    for given, place in ((CONTROL + 1, HOME), (CONTROL + 2, RULES), (CONTROL + 4, MACHINE)):
        try:
            os.dup2(given, place, False)
        except OSError:
            pass  # not given: there will be no cells, or no Landlock
    # What is received must not land on a number that a child needs.
    for descriptor in range(CONTROL + 1, FIRST_FREE):
        os.dup2(0, descriptor)
    make_standard_streams()
    for descriptor in range(CONTROL):
        os.dup2(FIRST_FREE - 1, descriptor)
    os.closerange(FIRST_FREE, HOME)
    os.closerange(MACHINE + 1, 1024)
    look_fresh()
    # Collected objects would be touched, and so copied, in every child; and memory that is free but
    # held costs every fork as much as memory in use.
    gc.collect()
    gc.freeze()
    gc.disable()
    if hasattr(c_library, "malloc_trim"):
        c_library.malloc_trim(0)


def serve_keeper():
    """Answers the keeper. Returns in the children only, as soon as they are set up."""
    control.send(b"R" + sys.version.split()[0].encode())
    while True:
        packet, ancillary, flags, _ = control.recvmsg(8192, ANCILLARY_BYTES, CLOSE_ON_EXEC)
        if not packet:
            leave(0)
        if packet[0] == 70:  # F
            ((_, _, data),) = ancillary
            descriptors = struct.unpack("%di" % (len(data) // 4), data)
            answer = fork_child(packet, descriptors)
            if answer is None:
                return
            for descriptor in descriptors:
                os.close(descriptor)
        elif packet[0] == 87:  # W
            pid, status, usage = os.wait4(struct.unpack("<xi", packet)[0], 0)
            microseconds = int((usage.ru_utime + usage.ru_stime) * 1e6)
            answer = b"S" + struct.pack("<iiQQ", pid, status, microseconds, usage.ru_maxrss)
        else:
            leave(70)
        control.send(answer)


def fork_child(packet, descriptors):
    """Forks a child with these descriptors. The answer for the keeper, or None in the child."""
    flags, uid, gid, *limits = FORK_HEADER.unpack_from(packet)
    cell = None
    if flags & ENTERS_CELL:
        cell, *descriptors = descriptors
    if len(descriptors) != (6 if flags & HAS_LINK else 5):
        leave(70)
    # The child says here if it cannot be set up, so that the machine's fault is never taken for
    # the solution's. It closes its end, having said nothing, before it runs anything.
    reader, writer = os.pipe()
    try:
        pid = fork_into(cell) if flags & PROCESSES else os.fork()
    except OSError as error:
        os.close(reader)
        os.close(writer)
        return b"E" + ("cannot fork: %s" % error).encode()
    if pid == 0:
        try:
            if flags & GOES_FIRST:
                score = os.open("self/oom_score_adj", os.O_WRONLY, dir_fd=MACHINE)
                write(score, b"1000")
                os.close(score)
            kinds = (CLONE_NEWNS if flags & FILES else 0) | (CLONE_NEWIPC if flags & QUEUES else 0)
            if kinds:
                set_namespace(cell, kinds)
            for target, descriptor in enumerate(descriptors):
                os.dup2(descriptor, target, target < JOB)
            if not flags & HAS_LINK:
                os.close(LINK)
            os.chdir(packet[FORK_HEADER.size:])
            for kind, limit in zip(LIMITS, limits):
                if limit:
                    set_limit(kind, limit)
            set_limit(CORE_LIMIT, 0)
            set_limit(STACK_LIMIT, resource.getrlimit(STACK_LIMIT)[1])
            if flags & ENTERS_LANDLOCK:
                call_library(SYSCALL, LANDLOCK_RESTRICT_SELF, RULES, 0)
            if flags & CHANGES_USER:
                os.setgroups([])
                os.setresgid(gid, gid, gid)
                os.setresuid(uid, uid, uid)
            if flags & DROPS_CAPABILITIES:
                call_library(CAPSET, struct.pack("<Ii", CAPABILITIES_VERSION_3, 0), bytes(24))
        except BaseException as error:
            write(writer, ("cannot set up: %s" % error).encode())
            leave(70)
        os.closerange(FIRST_FREE, 64)
        return None
    os.close(writer)
    problem = read(reader, 1024)
    os.close(reader)
    if problem:
        os.waitpid(pid, 0)
        return b"E" + problem
    return b"P" + struct.pack("<i", pid)


def set_limit(kind, limit):
    try:
        resource.setrlimit(kind, (limit, limit))
    except ValueError:  # lower already
        limit = min(limit, resource.getrlimit(kind)[1])
        resource.setrlimit(kind, (limit, limit))


def fork_into(cell):
    """Forks a process into a cell's process namespace.

    Only its children are placed there, never the zygote itself; and only for this fork.
    """
    set_namespace(cell, CLONE_NEWPID)
    pid = None
    try:
        pid = os.fork()
        return pid
    finally:
        if pid != 0:
            set_namespace(HOME, CLONE_NEWPID)


def set_namespace(process, kinds):
    """Enters namespaces of a process that is given by its descriptor."""
    call_library(SETNS, process, kinds)


def call_library(function, *arguments):
    """Calls a function of the C library that Python has no name for."""
    if function(*arguments) != 0:
        raise OSError(get_errno(), function.__name__)


# Looked up once: a library object is a new class, which no child should have to make.
get_errno = sys.modules["ctypes"].get_errno
c_library = sys.modules["ctypes"].CDLL(None, use_errno=True)
SETNS, SYSCALL, CAPSET = c_library.setns, c_library.syscall, c_library.capset


MAXIMUM_CODE_BYTES = 1 << 19
CHECK_JOB = encode({"mode": "check"}, 64)


def run_job():
    """Reads the job of this child and does it."""
    data = b""
    while True:
        part = read(JOB, 1 << 16)
        if not part:
            break
        data += part
        if data.startswith(CHECK_JOB):  # the one job without an end
            run_check(data[len(CHECK_JOB):])
    os.close(JOB)
    job = decode(data)
    gc.enable()
    JOBS[job["mode"]](job)


def run_check(pending):
    """Compiles solutions, one after the other, and runs none of them."""
    while True:
        while len(pending) < 4 or len(pending) < 4 + unpack_u32(pending)[0]:
            part = read(JOB, 1 << 16)
            if not part:
                leave(0)
            pending += part
        end = 4 + unpack_u32(pending)[0]
        try:
            code = compile(pending[4:end].decode(), FILE_NAME, "exec", dont_inherit=True)
        except COMPILE_ERRORS as error:
            record(b"C", encode(compile_error_text(error), REPORT_BYTES))
        else:
            record(b"O", marshalled(code))
        pending = pending[end:]


def marshalled(code):
    """Code that children need not compile again; nothing where it is too large or too deep to send."""
    try:
        data = marshal(code)
    except (ValueError, MemoryError):
        return b""
    return data if len(data) <= MAXIMUM_CODE_BYTES else b""


JOBS = {"stdio": run_stdio, "call": run_call, "serve": run_serve, "judge": run_judge}
control = _socket.socket(fileno=CONTROL)
# Python before 3.10 lets a function share the builtins of a caller with the same globals, as this
# module is; called from a frame with other globals it takes its own, which nobody can replace.
run_job_code = compile("run_job()", "driver", "exec")
prepare()
serve_keeper()
try:
    exec(run_job_code, {"run_job": run_job})
finally:
    leave(70)  # only a fault of this program leads here
