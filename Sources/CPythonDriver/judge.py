# ---- J: the trusted text of a test -----------------------------------------------------------
#
# A test compares results with what it expects, so it never runs in the solution's process. It
# runs here, and what it calls is a stub that has X do the work.
#
# Values that cannot cross. A result crosses by copy if it is made of builtin values (see values);
# iterators cross drained, a named tuple as a tuple, the dictionaries of `collections` as dict.
# Everything else stays in X and J gets a handle. A test may pass a handle back, call it, ask
# whether it is true, read and set its attributes: each of these is a claim of X about a value,
# like any result. It may not compare or show it, since that would let the solution's own code
# decide; then the case ends as uncrossable. Arguments that the call changed are changed in J too,
# in place. Lost are: that two arguments, or an argument and a result, are one object; types of
# arguments that were subclasses; more than an iterator's items. An argument that cannot be sent
# (a function, an instance of a class of the test) makes the test unusable, not the solution wrong.

class TestEnd(BaseException):
    """Leaves a test whose end is settled. Not an Exception, which a test may well catch."""


class Solution:
    """J's side of the link: the solution as far as a test can see it."""

    def __init__(self, limit):
        self.limit = limit
        self.ending = None  # the record that settles the test, whatever becomes of its text
        self.has_called = False
        self.raised = None  # the last exception that came from X, and its description
        self.handles = {}

    def end(self, kind, report=None):
        if self.ending is None:
            self.ending = (kind, b"" if report is None else encode(report, REPORT_BYTES))
        raise TestEnd

    def end_as_forged(self):
        """X's side of the link cannot have sent this: the solution did."""
        attempts.report("forged-result")
        self.end(b"L")

    def refuse(self, name, is_trick, reason):
        if is_trick:
            attempts.report("equality-trick")
        self.end(b"U", {"type": name[:100], "trick": is_trick, "reason": reason})

    def ask(self, *parts):
        """Sends a request; the answer's result and changed arguments."""
        if self.ending is not None:
            raise TestEnd
        try:
            request = encode_all(parts, MAXIMUM_ARGUMENT_BYTES, self)
        except Uncrossable as refusal:
            if self.has_called and refusal.reason != "type":
                # What the test passes on came from the solution, which made it as large as could cross.
                self.refuse(refusal.type_name, False, refusal.reason)
            message = "an argument cannot be sent to the solution: %s (%s)" % (
                refusal.type_name, refusal.reason)
            self.end(b"B", failure("TypeError", message))
        self.has_called = True
        try:
            send_frame(request)
            frame = receive_frame(2 * self.limit + len(request) + REPORT_BYTES)
        except OSError:
            frame = None
        if not frame:
            self.end(b"L")
        try:
            answer = decode_all(frame, self)
        except Malformed:
            self.end_as_forged()
        return self.settle(*answer)

    def settle(self, kind, *facts):
        """What an answer means. It is data from a hostile source: its shape is not assumed.

        Nor is its size: what goes into a report is cut to what X itself would say of it.
        """
        shape = [type(fact) for fact in facts]
        if kind == "value" and len(facts) == 2 and shape[1] in (tuple, type(None)):
            return facts
        if kind == "uncrossable" and shape == [str, bool, str] and facts[2] in Uncrossable.REASONS:
            self.refuse(*facts)
        if kind == "missing" and shape == [str]:
            self.end(b"M", facts[0][:1000])
        if kind == "raise" and shape[1:] == [tuple, str, str, str]:
            base, arguments, *texts = facts
            name, message, last_line = [text[:2000] for text in texts]
            report = {"stage": "call", "type": name, "message": message, "last_line": last_line}
            if type(base) is not str or base not in BUILTIN_EXCEPTIONS:
                self.end(b"E", report)  # SystemExit and its like: no test expects them
            try:
                error = made_exception(BUILTIN_EXCEPTIONS[base], arguments)
            except Exception:
                error = RuntimeError(message)
            self.raised = (error, report)
            raise error
        self.end_as_forged()

    def call(self, target, arguments, keywords):
        result, changed = self.ask("call", target, arguments, keywords)
        if changed is not None and len(changed) == len(arguments):
            for old, new in zip(arguments, changed):
                update(old, new)
        return result

    # What encode and take ask of the keeper of handles.

    def put(self, out, value):
        if type(value) is not Handle:
            raise Uncrossable(type(value))
        put_handle(out, value._Handle__number, *value._Handle__facts)

    def take(self, number, data, place):
        facts, place = take_facts(data, place)
        if number not in self.handles:
            self.handles[number] = Handle(self, number)
        object.__setattr__(self.handles[number], "_Handle__facts", facts)
        return self.handles[number], place


def made_exception(kind, arguments):
    """The exception of a solution, as far as it can be one: to show some, Python reads by their numbers."""
    if issubclass(kind, UnicodeError) and len(arguments) == 5:
        start, end = arguments[2:4]
        if not 0 <= start <= end <= len(arguments[1]):
            raise ValueError("no place in the text")
    return kind(*arguments)


def update(old, new):
    """Makes `old` what `new` is, in place where it can change; returns which one to keep.

    Objects inside `old` that stay where they were are kept too, so that names the test has for
    them see the change.
    """
    if isinstance(old, dict) and type(new) is dict:
        items = {key: update(old[key], new[key]) if key in old else new[key] for key in new}
        old.clear()
        dict.update(old, items)
    elif type(old) is not type(new):
        return new
    elif type(old) is list or type(old) is deque:
        items = [update(*pair) for pair in zip(old, new)] + list(new)[len(old):]
        old.clear()
        old.extend(items)
    elif type(old) is set:
        old.clear()
        old.update(new)
    elif type(old) is bytearray:
        old[:] = new
    elif type(old) is tuple and len(old) == len(new):
        items = [update(*pair) for pair in zip(old, new)]
        return old if all(a is b for a, b in zip(old, items)) else tuple(items)
    else:
        return new
    return old


class Handle:
    """Stands for an object of X that cannot cross; see above for what a test may do with it."""

    __slots__ = ("__solution", "__number", "__facts")

    def __init__(self, solution, number):
        object.__setattr__(self, "_Handle__solution", solution)
        object.__setattr__(self, "_Handle__number", number)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self.__solution.ask("get", self, name)[0]

    def __setattr__(self, name, value):
        self.__solution.ask("set", self, name, value)

    def __call__(self, *arguments, **keywords):
        return self.__solution.call(self, arguments, keywords)

    def __bool__(self):
        truth = self.__facts[2]
        return refuse_operation(self) if truth is None else truth

    def __eq__(self, other):
        return self is other or refuse_operation(self)

    def __ne__(self, other):
        return self is not other and refuse_operation(self)


def refuse_operation(handle, *others):
    name, is_trick, _ = handle._Handle__facts
    handle._Handle__solution.refuse(name, is_trick, "type")


for operation in (
    "hash repr str format bytes int float complex index round abs neg pos invert reduce_ex"
    " lt le gt ge len iter next reversed contains getitem setitem delitem enter exit"
    " add sub mul matmul truediv floordiv mod divmod pow lshift rshift and or xor"
    " radd rsub rmul rmatmul rtruediv rfloordiv rmod rdivmod rpow rlshift rrshift rand ror rxor"
).split():
    setattr(Handle, "__%s__" % operation, refuse_operation)


class Nowhere(io.TextIOBase):
    """Where a test's own output goes: it may show values of any size, and nobody reads it."""

    def write(self, text):
        return len(text)


def run_judge(job):
    """Runs a test and reports how it ended: one record, whatever happens."""
    sys.stdout = sys.stderr = Nowhere()
    solution = Solution(job["limit"])
    test = Test(solution)
    error = None
    try:
        test.run_humaneval(job) if job["kind"] == "humaneval" else test.run_script(job)
    except BaseException as problem:
        # Out of memory, the test's own values have to go before anything can be said.
        error = problem.with_traceback(None) if isinstance(problem, MemoryError) else problem
    if solution.ending is not None:
        record(*solution.ending)
    elif error is not None and solution.raised is not None and error is solution.raised[0]:
        record(b"E", encode(solution.raised[1], REPORT_BYTES))
    elif error is not None:
        # Before the first call nothing of the solution has been seen: the text is at fault.
        record(b"F" if solution.has_called else b"B", encode(test.failure(error), REPORT_BYTES))
    elif solution.has_called:
        record(b"P")
    else:
        record(b"B", encode(failure("", "the test asks nothing of the solution"), REPORT_BYTES))
    leave(0)


def failure(kind, message, last_line=None):
    return {"type": kind, "message": message, "last_line": last_line or message}


class Test:
    """A namespace in which trusted texts run, with stubs for what the solution defines."""

    def __init__(self, solution):
        self.solution = solution
        self.names = {"__name__": "test", "__builtins__": builtins}
        self.has_stub = False
        self.texts = {}

    def run_humaneval(self, job):
        self.execute("prompt", self.completed(job["prompt"]))
        entry_point = job["entry_point"]
        candidate = self.names[entry_point] = self.stub(entry_point)
        self.execute("test", job["test"])
        self.names["check"](candidate)

    def run_script(self, job):
        self.provide(job["setup"])
        self.execute("setup", job["setup"])
        self.provide(job["assert"])
        if not self.has_stub:
            self.provide_builtin(job["assert"])
        self.execute("assert", job["assert"])

    def completed(self, prompt):
        """A prompt that can be executed: a function without a docstring lacks a body."""
        for body in ("", "\n    pass\n", "\n\tpass\n"):
            try:
                ast.parse(prompt + body)
                return prompt + body
            except SyntaxError:
                pass
        return prompt

    def execute(self, name, text):
        self.texts[name] = text.splitlines()
        exec(compile(text, name, "exec", dont_inherit=True), self.names)

    def stub(self, name):
        solution = self.solution
        self.has_stub = True

        def candidate(*arguments, **keywords):
            return solution.call(name, arguments, keywords)

        candidate.__name__ = candidate.__qualname__ = name
        return candidate

    def provide(self, text):
        """Stubs for the names that a text needs and nobody defined.

        A module's name, used as one, is the module: tests lean on a solution's imports.
        """
        for name, is_plain in names_needed(ast.parse(text)).items():
            if name not in self.names and not hasattr(builtins, name):
                is_module = not is_plain and name in sys.modules
                self.names[name] = sys.modules[name] if is_module else self.stub(name)

    def provide_builtin(self, text):
        """A stub where a text is about a function that has a builtin's name.

        Only where it is the one thing that is called, as in `assert sum(10, 15) == 6`: a solution
        that took the place of `set` in `assert set(f(x)) == set(y)` would be its own judge.
        """
        called = {node.func.id for node in ast.walk(ast.parse(text))
                  if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        if len(called) == 1:
            name = called.pop()
            self.names[name] = self.stub(name)

    def failure(self, error):
        """How the test failed, with the line that did where the exception says nothing."""
        kind, message, last_line = describe(error)
        trace = error.__traceback__
        line = ""
        while trace is not None:
            text = self.texts.get(trace.tb_frame.f_code.co_filename, ())
            if 0 < trace.tb_lineno <= len(text):
                line = text[trace.tb_lineno - 1].strip()
            trace = trace.tb_next
        if not message and line:
            last_line = "%s: %s" % (kind, line)
        return failure(kind, message, last_line[:1000])


def names_needed(tree):
    """The names that a text reads and never binds, and whether it uses each in any other way than
    `name.attribute`."""
    needed = {}
    bound = set()
    bases = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            needed[node.id] = needed.get(node.id, False) or id(node) not in bases
        elif isinstance(node, ast.Name):
            bound.add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).split(".")[0])
        elif isinstance(getattr(node, "name", None), str):  # def, class, except ... as
            bound.add(node.name)
    return {name: is_plain for name, is_plain in needed.items() if name not in bound}
