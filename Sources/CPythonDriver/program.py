# ---- X: a solution runs ----------------------------------------------------------------------

main_module = types.ModuleType("__main__")
solution_module = types.ModuleType("program")


def make_standard_streams():
    """Makes sys.stdin, stdout and stderr as Python does for pipes.

    The zygote makes them for all children. A stream asks its descriptor only once whether it can
    seek; so that it hears what is true of a child's, the descriptors are a pipe's meanwhile.
    """
    reader, writer = os.pipe()
    for descriptor, end in enumerate((reader, writer, writer)):
        os.dup2(end, descriptor)
    for descriptor, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        raw = io.FileIO(descriptor, mode, closefd=False)
        raw.name = "<%s>" % name
        stream = io.TextIOWrapper(
            io.BufferedReader(raw) if mode == "r" else io.BufferedWriter(raw), encoding="utf-8",
            errors="backslashreplace" if name == "stderr" else "surrogateescape", newline="\n",
            line_buffering=name == "stderr")
        stream.mode = mode
        setattr(sys, name, stream)
        setattr(sys, "__%s__" % name, stream)


def look_fresh():
    """Makes the interpreter look newly started, as far as a solution can tell."""
    sys.path[:] = [folder for folder in sys.path if folder]  # not the working directory
    sys.argv = [FILE_NAME]
    for name in ("LD_BIND_NOW", "PYTHONNODEBUGRANGES"):  # ours, to make forks cheaper
        os.environ.pop(name, None)
    if hasattr(sys, "orig_argv"):
        sys.orig_argv = ["python3", FILE_NAME]
    if "_sitebuiltins" in sys.modules:  # what the site module adds, which -S leaves out
        for name in ("exit", "quit"):
            setattr(builtins, name, sys.modules["_sitebuiltins"].Quitter(name, "Ctrl-D (i.e. EOF)"))
    for module in (main_module, solution_module):
        module.__builtins__ = builtins
        module.__file__ = FILE_NAME
    sys.modules["__main__"] = main_module


def start(module, job):
    """A solution's code, ready to run in a module; one that does not compile ends here.

    The checker has usually compiled it before.
    """
    source = job["source"]
    scratch = os.getcwd()
    sys.path.insert(0, scratch)
    module.__file__ = join(scratch, FILE_NAME)
    attempts.watch(scratch)
    if job["code"]:
        return unmarshal(job["code"])
    try:
        return compile(source, FILE_NAME, "exec", dont_inherit=True)
    except COMPILE_ERRORS as error:
        record(b"C", encode(compile_error_text(error), REPORT_BYTES))
        print_traceback(error, None, source)
        leave(1)


REPORT_BYTES = 1 << 16
COMPILE_ERRORS = (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError)


def compile_error_text(error):
    return "%s: %s" % (type_name(type(error)), str(error)[:1000])


def print_traceback(error, trace, source):
    """Prints as Python does when a program dies of an exception, with the solution's lines."""
    try:
        linecache.cache[FILE_NAME] = (len(source), None, source.splitlines(True), FILE_NAME)
        if sys.excepthook is sys.__excepthook__:
            traceback.print_exception(type(error), error, trace)
        else:
            sys.excepthook(type(error), error, trace)
        sys.stderr.flush()
    except BaseException:
        pass  # a broken stderr or hook is the solution's own


def run_stdio(job):
    """A whole program, from standard input to standard output."""
    sys.argv += job["arguments"]
    code = start(main_module, job)
    status = 0
    try:
        exec(code, main_module.__dict__)
    except SystemExit as request:
        status = exit_status(request)
    except BaseException as error:
        print_traceback(error, error.__traceback__.tb_next, job["source"])  # without this frame
        status = 1
    leave(end_as_python_does(status))


def exit_status(request):
    """What the shell would see of a SystemExit."""
    try:
        code = request.code
        if code is None:
            return 0
        if isinstance(code, int):
            return int(code) & 0xFF
        print(code, file=sys.stderr)
    except Exception:
        pass
    return 1


def end_as_python_does(status):
    """Threads, exit functions, buffers and the names that own open files, in Python's order."""
    ends = [atexit._run_exitfuncs]
    if "threading" in sys.modules:
        ends.insert(0, sys.modules["threading"]._shutdown)
    for end in ends:
        try:
            end()
        except BaseException as error:
            print_traceback(error, error.__traceback__, "")
    if not flush_output():
        status = 120
    # A file that the solution never closed is written out when its last name is gone.
    names = main_module.__dict__
    for name in list(names):
        if name != "__builtins__":
            names[name] = None
    flush_output()
    return status


def flush_output():
    is_written = True
    for stream in (sys.stdout, sys.__stdout__, sys.stderr):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except BaseException:
            is_written = is_written and stream is sys.stderr
    return is_written


def load(job):
    """Runs a solution's text as a module, not as a script; one that fails to load ends here."""
    sys.modules["program"] = solution_module
    code = start(solution_module, job)
    try:
        exec(code, solution_module.__dict__)
    except BaseException as error:
        end_with_exception("load", error)


def end_with_exception(stage, error):
    if isinstance(error, SystemExit):
        attempts.report("early-exit")
    kind, message, last_line = describe(error)
    end_with(b"E", {"stage": stage, "type": kind, "message": message, "last_line": last_line})


def end_with(kind, report):
    """The one report of a case without a result; nothing of the solution runs after it."""
    attempts.end()
    record(kind, encode(report, REPORT_BYTES))
    leave(1)


def describe(error):
    """An exception's type, its message and the last line of its traceback."""
    kind = type_name(type(error))
    try:
        message = str.__str__(str(error))[:1000]
    except BaseException:
        message = "(an exception that cannot be shown)"
    return kind, message, "%s: %s" % (kind, message.strip().split("\n")[0]) if message else kind


def find(name):
    """The function of that name, or the method of a fresh `Solution`; None if there is neither."""
    names = solution_module.__dict__
    owner, _, method = name.rpartition(".")
    if not owner:
        if name in names:
            return names[name]
        owner, method = "Solution", name
    owner = names.get(owner)
    if not isinstance(owner, type) or not hasattr(owner, method):
        return None
    return getattr(owner(), method)


def run_call(job):
    """One call, whose result is reported as a value."""
    load(job)
    try:
        function = find(job["name"])
        if function is None:
            end_with(b"M", job["name"])
        # Draining an iterator runs code of the solution too: it is part of the call.
        payload = encode(function(*job["args"], **job["kwargs"]), job["limit"])
    except Uncrossable as refusal:
        if refusal.is_trick:
            attempts.report("equality-trick")
        end_with(b"U", {
            "type": refusal.type_name, "trick": refusal.is_trick, "reason": refusal.reason})
    except BaseException as error:
        end_with_exception("call", error)
    attempts.end()
    record(b"V", payload)
    leave(0)
