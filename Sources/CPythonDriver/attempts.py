# ---- What a solution had no need to try -------------------------------------------------------

class Attempts:
    """Counts attempts of a few kinds; each kind is reported once.

    A counter, not a guard. It stops nothing, since the kernel does, and a solution that wants to
    can get round it. Reporting ends with the result, which must not be torn apart.
    """

    def __init__(self):
        self.seen = set()
        self.has_ended = False

    def report(self, kind):
        if kind not in self.seen and not self.has_ended:
            self.seen.add(kind)
            record(b"A", kind.encode())

    def end(self):
        self.has_ended = True

    def watch(self, scratch):
        """Starts to see the interpreter's audit events."""
        self.inside = join(scratch, "")
        self.process = os.getpid()
        sys.addaudithook(self.see)

    def see(self, event, arguments):
        watch = WATCHED_EVENTS.get(event)
        if watch is not None:
            try:
                kind, test = watch
                if test(self, arguments):
                    self.report(kind)
            except BaseException:
                pass  # an odd argument is the business of the function that was called

    def is_outside(self, path, follows=True):
        """Whether a path leads out of the scratch folder."""
        if type(path) is int:
            return False  # a descriptor: whatever it is, it was opened before
        path = fsdecode(path)
        if path.startswith(HARMLESS_PATHS):
            return False
        if follows:
            path = realpath(path)
        else:  # what is done to a link itself
            folder, name = split(path)
            path = join(realpath(folder), name)
        return not join(path, "").startswith(self.inside)

    def opens_for_writing(self, arguments):
        path, _, flags = arguments
        return bool(flags & WRITING) and self.is_outside(path)

    def changes_target(self, arguments):
        return self.is_outside(arguments[0])

    def changes_entry(self, arguments):
        return self.is_outside(arguments[0], follows=False)

    def makes_link(self, arguments):
        return self.is_outside(arguments[1], follows=False)

    def moves(self, arguments):
        return self.changes_entry(arguments) or self.makes_link(arguments)

    def signals_another(self, arguments):
        return arguments[0] != self.process

    def makes_internet_socket(self, arguments):
        return arguments[1] in (_socket.AF_INET, _socket.AF_INET6)

    def reaches_out(self, arguments):
        return type(arguments[1]) is tuple  # the address of a Unix socket is a path

    def always(self, arguments):
        return True

    def forks(self, arguments):
        """No attempt, but the moment to give back what the zygote put off."""
        while fork_hooks:
            register_at_fork(**fork_hooks.pop(0))
        return False


WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
HARMLESS_PATHS = (
    "/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/std", "/dev/fd/", "/proc/self/fd/")
WATCHED_EVENTS = {
    event: (kind, test)
    for kind, test, events in (
        ("write-outside", Attempts.opens_for_writing, "open"),
        ("write-outside", Attempts.changes_target, "os.chmod os.chown os.truncate os.utime"),
        ("write-outside", Attempts.changes_entry, "os.remove os.rmdir os.mkdir"),
        ("write-outside", Attempts.makes_link, "os.symlink os.link"),
        ("write-outside", Attempts.moves, "os.rename"),
        ("forbidden-call", Attempts.signals_another, "os.kill os.killpg"),
        ("forbidden-call", Attempts.makes_internet_socket, "socket.__new__"),
        ("forbidden-call", Attempts.reaches_out, "socket.connect socket.bind socket.sendto"),
        ("forbidden-call", Attempts.always,
         "socket.getaddrinfo socket.gethostbyname subprocess.Popen os.system os.exec"
         " os.posix_spawn os.spawn os.forkpty pty.spawn"),
        (None, Attempts.forks, "os.fork"),
    )
    for event in events.split()
}
attempts = Attempts()
