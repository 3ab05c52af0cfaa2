import HoneGraders
import Testing

@Suite(.enabled(if: WarmPython.isPresent, WarmPython.absence))
struct PythonJudgeTests {
  private let lease: WarmPython.Lease
  private var python: WarmPython { lease.python }
  init() throws { lease = try WarmPython.Lease() }

  static let pair = """
    class Pair:
        def __init__(self, a, b): self.a, self.b = a, b
        def sum(self): return self.a + self.b
        def __eq__(self, other): return True
        def __bool__(self): return self.a > 0
    def total(pairs): return sum(pair.sum() for pair in pairs)
    def first(pairs): return pairs[0]
    def swap(pair): pair.a, pair.b = pair.b, pair.a
    """

  @Test(
    "Right solutions pass, whatever crosses",
    arguments: [
      ("def f(x): return x + 1", "", "assert f(1) == 2 and f(x=2) == 3"),
      ("def f(x): return x + 1", "n = f(1)", "assert f(n) == 3"),
      ("def f(*a, **k): return a, k", "", "assert f(1, *[2], k=3) == ((1, 2), {'k': 3})"),
      ("def f(x): return x", "import math", "assert math.isclose(f(0.1 + 0.2), 0.3)"),
      ("import math\ndef f(x): return x", "", "assert f(math.pi) == math.pi"),
      ("def f(x): return x", "", "assert f({1, 2}) == {1, 2} and type(f((1,))) is tuple"),
      ("def f(n): yield from range(n)", "", "assert list(f(3)) == [0, 1, 2] and next(f(1)) == 0"),
      ("def f(x): return [i for i in x]", "", "assert f(i for i in range(2)) == [0, 1]"),
      ("def f(x): x.append(3)", "", "a = [1]; f(a); assert a == [1, 3]"),
      ("def f(x): x.sort(); return x", "", "a = [2, 1]; assert f(a) == [1, 2] and a == [1, 2]"),
      (
        "def f(d): d['k'][0]['n'] = 1; del d['x']", "",
        "n = {}; l = [n]; d = {'k': l, 'x': 0}; f(d); assert d == {'k': [{'n': 1}]} and d['k'] is l and l[0] is n"
      ),
      (
        "def f(s, b, t): s.add(1); b.append(2); t[0].append(3)", "",
        "s = set(); b = bytearray(); t = ([],); f(s, b, t); assert (s, b, t) == ({1}, bytearray([2]), ([3],))"
      ),
      (
        "def f(d): d.appendleft(1)", "from collections import deque",
        "d = deque([2], maxlen=9); f(d); assert list(d) == [1, 2] and d.maxlen == 9"
      ),
      (
        "def f(x): x.clear()", "from collections import Counter",
        "c = Counter('aa'); f(c); assert c == Counter() and type(c) is Counter"
      ),
      (
        "def f(x): return int(x)", "",
        "try: f('x')\nexcept ValueError as e: assert 'invalid literal' in str(e)\nelse: assert False"
      ),
      (
        "class Mine(KeyError): pass\ndef f(x): raise Mine('k', 2)", "",
        "try: f(1)\nexcept KeyError as e: assert e.args == ('k', 2)\nelse: assert False"
      ),
      (
        "def f(x): b'\\xff'.decode()", "",
        "try: f(1)\nexcept UnicodeDecodeError as e: assert e.start == 0\nelse: assert False"
      ),
      (
        "def f(xs, t): return [x for x in xs if not isinstance(x, t)]", "",
        "assert f([1, 'a'], str) == [1]"
      ),
      ("import re\ndef f(x): return re.search('a', x)", "", "assert f('a')\nassert not f('b')"),
      ("def sum(a, b): return a * b", "", "assert sum(2, 3) == 6"),
      (
        "def f(x): return x", "", "def g(y): return f(y)\nassert [g(n) for n in range(2)] == [0, 1]"
      ),
      ("def f(n): return n and f(n - 1)", "", "assert f(900) == 0"),
      (pair, "", "assert total([Pair(1, 2), Pair(3, 4)]) == 10"),
      (pair, "p = Pair(1, 2)", "p.a = 5\nassert p.a == 5 and p.sum() == 7 and total([p]) == 7"),
      (pair, "p = Pair(1, 2)", "assert first([p]) is p and first((p,)) == p and not p != p"),
      (pair, "p = Pair(1, 2)\np.b = Pair(3, 4)", "assert p.b.b == 4; swap(p); assert p.a.a == 3"),
      (pair, "", "assert Pair(1, 2) and not Pair(0, 2)"),
      (pair, "p = Pair(1, 0)", "assert p; swap(p); assert not first([p])"),
    ])
  func passes(source: String, setup: String, assertion: String) throws {
    let (program, judge) = try python.judge(
      source, by: .judgeScript(setup: setup, assertion: assertion))
    #expect(judge.records.records == [.passed], "\(judge.errors)")
    #expect(judge.code == 0 && program.code == 0)
    #expect(program.records.records.isEmpty)
  }

  @Test(
    "Wrong results fail, with the line that says so",
    arguments: [
      (
        "def f(x): return x", "assert f(1) == 2", "AssertionError",
        "AssertionError: assert f(1) == 2"
      ),
      (
        "def f(x): return x", "assert f(1) == 2, 'not two'", "AssertionError",
        "AssertionError: not two"
      ),
      ("def f(x): return None", "assert f(1)[0] == 2", "TypeError", nil),
      ("def f(x): return None", "assert len(f(1)) == 2", "TypeError", nil),
      ("def f(x): return True", "assert f(1) is 1", "AssertionError", nil),
      (
        "def f(x): pass", "a = [2, 1]\nf(a)\nassert a == [1, 2]", "AssertionError",
        "AssertionError: assert a == [1, 2]"
      ),
      (
        "def f(x): raise AssertionError",
        "try: f(1)\nexcept AssertionError: raise ValueError('seen')", "ValueError",
        "ValueError: seen"
      ),
    ] as [(String, String, String, String?)])
  func fails(source: String, assertion: String, type: String, lastLine: String?) throws {
    guard case .failed(let failure) = try python.judge(source, assertion).outcome else {
      Issue.record("\(try python.judge(source, assertion))")
      return
    }
    #expect(failure.type == type)
    if let lastLine { #expect(failure.lastLine == lastLine) }
  }

  @Test(
    "Exceptions of the solution are its own, even an AssertionError",
    arguments: [
      ("def f(x): raise AssertionError('mine')", "AssertionError", "mine"),
      ("def f(x): raise ValueError('v')", "ValueError", "v"),
      ("class Mine(ValueError): pass\ndef f(x): raise Mine", "Mine", ""),
      ("def f(x): raise KeyboardInterrupt", "KeyboardInterrupt", ""),
      ("class Base(BaseException): pass\ndef f(x): raise Base('b')", "Base", "b"),
      ("def f(x):\n  yield 1\n  raise ValueError('late')", "ValueError", "late"),
    ])
  func raised(source: String, type: String, message: String) throws {
    for assertion in ["assert f(1) == 1", "try: assert f(1) == 1\nexcept KeyError: pass"] {
      guard case .raised(.call, let failure) = try python.judge(source, assertion).outcome else {
        Issue.record("\(try python.judge(source, assertion))")
        return
      }
      #expect(failure.type == type && failure.message == message)
    }
  }

  @Test(
    "Objects are not compared or shown by their own code, and a test cannot hide that",
    arguments: [
      "assert f(1) == 1", "assert 1 == f(1)", "assert not f(1) != 1", "assert f(1) in [1]",
      "assert [f(1)] == [1]", "assert {f(1)}", "assert str(f(1)) == '1'", "assert f'{f(1)}' == '1'",
      "assert int(f(1)) == 1", "assert f(1) + 0 == 1", "assert 0 + f(1) == 1", "assert f(1) >= 1",
      "assert len(f(1)) == 1", "assert list(f(1))", "assert f(1)[0] == 1", "assert hash(f(1))",
      "import copy\nassert copy.deepcopy(f(1))", "assert f(1) == f(1)",
      "assert sorted([f(1), f(1)])",
      "try: assert f(1) == 1\nexcept: pass",
      "try: f(1) == 1\nexcept BaseException: pass\nassert True",
    ])
  func handles(assertion: String) throws {
    let source = """
      class E:
          def __eq__(self, other): return True
          def __getattr__(self, name): return lambda *a: 1
          __ne__ = lambda *a: False
          __hash__ = __len__ = __index__ = __int__ = lambda *a: 1
          __add__ = __radd__ = __getitem__ = lambda *a: 1
          __lt__ = __gt__ = __le__ = __ge__ = __contains__ = lambda *a: True
          __iter__ = lambda self: iter([1])
          __str__ = __repr__ = lambda self: '1'
          __format__ = lambda *a: '1'
      def f(x): return E()
      """
    let records = try python.judge(source, assertion)
    #expect(records.outcome == .uncrossable(.init(type: "E", isTrick: true, reason: .type)))
    #expect(records.attempts == [.equalityTrick])
  }

  @Test("A result without an end or a bottom ends the test")
  func unbounded() throws {
    let endless = try python.judge("def f():\n  while True: yield 1", "assert f()")
    #expect(
      endless.outcome == .uncrossable(.init(type: "generator", isTrick: false, reason: .size)))
    let deep = try python.judge("def f():\n  a = []; a.append(a); return a", "assert f()")
    #expect(deep.outcome == .uncrossable(.init(type: "list", isTrick: false, reason: .depth)))
  }

  @Test(
    "A solution that is gone is lost, and a test cannot hide that",
    arguments: [
      ("def f(x):\n  import os; os._exit(0)", "assert f(1) == 1"),
      ("def f(x):\n  import os; os._exit(0)", "try: f(1)\nexcept: pass"),
      ("def f(x):\n  import os; os._exit(0)", "try: f(1)\nexcept Exception: pass\nfinally: f(2)"),
      ("def f(x):\n  import os; os.close(5); return 1", "assert f(1) == 1"),
      (
        "def f(x):\n  import os; os.write(5, b'{\"passed\": true}\\n' * 9); return 1",
        "assert f(1) == 1"
      ),
      ("def f(x):\n  import os; os.write(5, b'\\3\\0\\0\\0N\\0X'); return 1", "assert f(1) == 1"),
      ("def f(x):\n  import os; os.write(5, b'\\0\\0\\0\\0'); return 1", "assert f(1) == 1"),
      ("def f(x):\n  import os; os.write(5, b'\\2\\0\\0\\0NN'); return 1", "assert f(1) == 1"),
      ("def f(x):\n  import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "assert f(1) == 1"),
      ("def f(x:", "assert f(1) == 1"), ("1 / 0", "assert f(1) == 1"),
    ])
  func lost(source: String, assertion: String) throws {
    #expect(try python.judge(source, assertion).outcome == .lost)
  }

  @Test("What a test passes on and cannot send back is the solution's, not a fault of the test")
  func tooDeepToReturn() throws {
    let source = """
      def encode(x):
        deep = []
        for _ in range(99): deep = [deep]
        return deep
      def decode(x): return 5
      """
    let read = try python.judge(source, "assert decode(encode(5)) == 5")
    guard case .uncrossable(let value) = read.outcome else {
      Issue.record("\(read)")
      return
    }
    #expect(value.reason == .depth)
  }

  @Test("A test may print what it likes, and an exception that cannot be shown ends nothing")
  func shows() throws {
    let long = try python.judge("def f(x): return 'x' * 200000", "[print(f(1)) for _ in range(20)]")
    #expect(long.outcome == .passed)
    let forged = """
      import os, struct
      def f(x):
        u = lambda n: struct.pack('<I', n)
        s = lambda t: b's' + u(len(t)) + t
        i = lambda n: b'i' + u(len(b'%x' % n)) + b'%x' % n
        bad = b't' + u(5) + s(b'utf-8') + b'b' + u(0) + i(-2**40) + i(-2**40 + 1) + s(b'x')
        frame = s(b'raise') + s(b'UnicodeDecodeError') + bad + s(b'E') + s(b'm') + s(b'l')
        os.write(5, u(len(frame)) + frame)
        os._exit(0)
      """
    let read = try python.judge(
      forged, "try: f(1)\nexcept Exception as error: assert False, error")
    guard case .failed = read.outcome else {
      Issue.record("\(read)")
      return
    }
  }

  @Test("What a solution does while it is loaded is its own report")
  func loading() throws {
    let judge = PythonJob.judgeScript(setup: "", assertion: "assert f(1) == 1")
    let (exits, _) = try python.judge("import sys; sys.exit(0)", by: judge)
    #expect(exits.records.attempts == [.earlyExit])
    #expect(exits.code == 1)
    let (broken, _) = try python.judge("def f(:", by: judge)
    guard case .compileError = broken.records.outcome else {
      Issue.record("\(broken.records)")
      return
    }
    let (leaves, judged) = try python.judge("def f(x): exit()", by: judge)
    #expect(leaves.records.attempts == [.earlyExit])
    guard case .raised(.call, let failure) = judged.records.outcome else {
      Issue.record("\(judged.records)")
      return
    }
    #expect(failure.type == "SystemExit")
  }

  @Test(
    "A test that is itself at fault says so",
    arguments: [
      ("assert f(1) =", ""), ("assert f(1) == 1", "x = ="), ("assert f(1) == 1", "1 / 0"),
      ("assert undefined.thing == 1", ""), ("assert 1 == 1", ""), ("pass", ""),
      ("assert f(lambda x: x) == 1", ""), ("class C: pass\nassert f(C()) == 1", ""),
      ("assert set(sorted([1])) == set()", ""), ("raise SystemExit", ""),
      ("a = []; a.append(a)\nassert f(a)", ""),
    ])
  func broken(assertion: String, setup: String) throws {
    let records = try python.judge("def f(x): return 1", assertion, setup: setup)
    guard case .broken(let failure) = records.outcome else {
      Issue.record("\(records)")
      return
    }
    #expect(!failure.lastLine.isEmpty)
  }

  @Test("A function that the solution does not have is missing")
  func missing() throws {
    #expect(try python.judge("def g(x): return 1", "assert f(1) == 1").outcome == .missing("f"))
    let hidden = try python.judge("def g(x): return 1", "try: f(1)\nexcept: pass")
    #expect(hidden.outcome == .missing("f"))
  }

  @Test("HumanEval's check is given a stub, with the prompt's helper functions beside it")
  func humanEval() throws {
    let prompt =
      "import math\ndef helper(x):\n    return x * 2\n\ndef f(x: int) -> int:\n    \"\"\"Adds one.\"\"\"\n"
    let test =
      "def check(candidate):\n    assert candidate(helper(1)) == math.floor(3.5)\n    assert candidate(1) == 2\n"
    let job = PythonJob.judgeHumanEval(prompt: prompt, test: test, entryPoint: "f")
    #expect(
      try python.judge(prompt + "    return x + 1\n", by: job).judge.records.outcome == .passed)
    let wrong = try python.judge(prompt + "    return x + 2\n", by: job).judge.records.outcome
    guard case .failed(let failure) = wrong else {
      Issue.record("\(String(describing: wrong))")
      return
    }
    #expect(failure.lastLine == "AssertionError: assert candidate(helper(1)) == math.floor(3.5)")
    for (prompt, test) in [
      (prompt, "def check(candidate): pass"), (prompt, "def other(candidate): pass"),
      (prompt, "def check(candidate:"), ("def f(x", test), (prompt, "1 / 0"),
    ] {
      let job = PythonJob.judgeHumanEval(prompt: prompt, test: test, entryPoint: "f")
      let outcome = try python.judge("def f(x): return 1", by: job).judge.records.outcome
      guard case .broken = outcome else {
        Issue.record("\(String(describing: outcome))")
        return
      }
    }
  }

  @Test(
    "A prompt without a docstring is a function too",
    arguments: ["def add(a, b):\n", "def add(a, b):", "def add(a, b):  # sums\n    # here\n"])
  func barePrompt(prompt: String) throws {
    let test = "def check(candidate):\n    assert candidate(1, 2) == 3\n"
    let job = PythonJob.judgeHumanEval(prompt: prompt, test: test, entryPoint: "add")
    let (_, judge) = try python.judge("def add(a, b): return a + b", by: job)
    #expect(judge.records.outcome == .passed)
  }

  @Test("Nothing but arguments reaches the solution")
  func secrecy() throws {
    // It reads all that its process holds. The patterns do not match themselves.
    let source = """
      import re
      mark = 'text-of-the-' + 'solution'
      def f(argument):
          held = b''
          with open('/proc/self/maps') as maps, open('/proc/self/mem', 'rb', 0) as memory:
              for line in maps:
                  low, high = (int(part, 16) for part in line.split()[0].split('-'))
                  if ' rw' in line and high - low < 1 << 26:
                      memory.seek(low)
                      held += memory.read(high - low)
          patterns = b'text-of-the-[s]olution', b'text-of-the-[a]rgument', b'text-of-the-[t]est'
          return [re.search(pattern, held) is not None for pattern in patterns]
      """
    let assertion = """
      secret = 'text-of-the-test'
      assert f('text-of-the-argument') == [True, True, False], secret
      """
    #expect(try python.judge(source, assertion).outcome == .passed)
  }
}
