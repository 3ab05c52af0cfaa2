import HoneGraders
import Testing

@Suite(.enabled(if: WarmPython.isPresent, WarmPython.absence))
struct PythonStdioTests {
  private let lease: WarmPython.Lease
  private var python: WarmPython { lease.python }
  init() throws { lease = try WarmPython.Lease() }

  @Test(
    "Every way to read standard input works",
    arguments: [
      "print(int(input()) + int(input()))",
      "import sys; print(sum(int(line) for line in sys.stdin))",
      "import sys; print(sum(map(int, sys.stdin.read().split())))",
      "import sys; print(sum(map(int, sys.stdin.buffer.read().split())))",
      "import sys; print(sum(int(x) for x in sys.stdin.readlines()))",
      "print(sum(map(int, open(0).read().split())))",
      "import os; print(sum(map(int, os.read(0, 100).split())))",
      "import fileinput; print(sum(int(x) for x in fileinput.input()))",
      "import io, sys; s = io.TextIOWrapper(sys.stdin.buffer); print(int(s.readline()) + int(s.readline()))",
      "from sys import stdin, stdout; stdout.write(str(sum(map(int, stdin))) + '\\n')",
    ])
  func input(source: String) throws {
    let ending = try python.run(.stdio(PythonProgram(source: source)), input: "40\n2\n")
    #expect(ending.output == "42\n", "\(ending.errors)")
    #expect(ending.code == 0)
    #expect(ending.records.records.isEmpty)
  }

  @Test(
    "What is written is there at the end, however it was written",
    arguments: [
      "print('x')", "import sys; sys.stdout.write('x\\n')", "import os; os.write(1, b'x\\n')",
      "out = open(1, 'w'); out.write('x\\n')", "import sys; sys.stdout.buffer.write(b'x\\n')",
      "import atexit; atexit.register(print, 'x')",
      "import threading, time\nthreading.Thread(target=lambda: (time.sleep(0.05), print('x'))).start()",
      "import io, sys\nsys.stdout = io.TextIOWrapper(open(1, 'wb'), encoding='ascii')\nprint('x')",
      "import sys\nprint('x')\nsys.stdout = None",
      "import sys, io\nprint('x')\nsys.stdout = io.StringIO()\nprint('y')",
      "class Last:\n  def __del__(self): print('x')\nlast = Last()",
      "import sys\nprint('x'); sys.exit()", "print('x')\nexit()", "print('x')\nquit(0)",
      "def f(n):\n  return n and f(n - 1)\nf(900)\nprint('x')",
      "import sys, threading\nsys.setrecursionlimit(10**6)\nthreading.stack_size(1 << 27)\ndef f(n): return n and f(n - 1)\nt = threading.Thread(target=f, args=(20000,))\nt.start(); t.join(); print('x')",
    ])
  func output(source: String) throws {
    let ending = try python.run(.stdio(PythonProgram(source: source)))
    #expect(ending.output == "x\n", "\(ending.errors)")
    #expect(ending.code == 0)
  }

  @Test(
    "Exit codes are Python's",
    arguments: [
      ("import sys; sys.exit(3)", 3, ""), ("raise SystemExit", 0, ""), ("exit(None)", 0, ""),
      ("import sys; sys.exit('bad')", 1, "bad\n"), ("import sys; sys.exit(256 + 7)", 7, ""),
      ("import sys; sys.exit(True)", 1, ""), ("import os; os._exit(9)", 9, ""),
      ("import sys; sys.exit(-1)", 255, ""), ("import os; os.abort()", -6, ""),
      ("import threading\ndef f(): raise SystemExit(3)\nthreading.Thread(target=f).start()", 0, ""),
      ("import os; os.close(1); print('x')", 120, nil), ("import sys; sys.stdout.close()", 0, ""),
    ] as [(String, Int32, String?)])
  func exitCodes(source: String, code: Int32, errors: String?) throws {
    let ending = try python.run(.stdio(PythonProgram(source: source)))
    #expect(ending.code == code)
    if let errors { #expect(ending.errors == errors) }
  }

  @Test("An uncaught exception prints Python's traceback, with the program's lines alone")
  func traceback() throws {
    let ending = try python.run(.stdio("def f(x):\n    return x.y\n\nf(1)\n"))
    #expect(ending.code == 1)
    let lines = ending.errors.split(separator: "\n").filter { !$0.contains("^") }
    #expect(
      lines == [
        "Traceback (most recent call last):", "  File \"program.py\", line 4, in <module>",
        "    f(1)", "  File \"program.py\", line 2, in f", "    return x.y",
        "AttributeError: 'int' object has no attribute 'y'",
      ])
    #expect(ending.records.records.isEmpty)
  }

  @Test("A program's own hook for exceptions is called")
  func exceptionHook() throws {
    let source = "import sys\nsys.excepthook = lambda *facts: print(facts[0].__name__)\n1 / 0"
    let ending = try python.run(.stdio(PythonProgram(source: source)))
    #expect(ending.output == "ZeroDivisionError\n")
    #expect(ending.code == 1)
  }

  @Test(
    "What does not compile is told apart",
    arguments: [
      "def f(:", "x = = 1", "\u{0}", "return 1", "if True:\nx", String(repeating: "(", count: 500),
    ])
  func compileErrors(source: String) throws {
    let ending = try python.run(.stdio(PythonProgram(source: source)))
    #expect(ending.code == 1)
    guard case .compileError(let text) = ending.records.outcome else {
      Issue.record("\(ending.records)")
      return
    }
    #expect(text.contains("Error: "))
    #expect(!ending.errors.isEmpty)
  }

  @Test("The program sees a newly started interpreter")
  func fresh() throws {
    let source = """
      import sys, os, threading
      main = sys.modules['__main__']
      print(__name__, main.__dict__ is globals(), sys.argv, __file__ == os.getcwd() + '/program.py')
      print(sorted(name for name in globals() if not name.startswith('__')))
      print(sys.getrecursionlimit(), threading.active_count(), sys.path[0] == os.getcwd(), __builtins__)
      for stream in (sys.stdin, sys.stdout, sys.stderr):
          print(stream.name, stream.mode, stream.encoding, stream.errors, stream.line_buffering)
      print(sys.stdin.seekable(), sys.stdin is sys.__stdin__)
      print(sorted(int(fd) for fd in range(3, 64) if not fails(fd)) if 0 else [fd for fd in range(3, 64) if alive(fd)])
      """
    let prelude = """
      def alive(fd):
          try:
              os.fstat(fd)
          except OSError:
              return False
          return True

      """
    let program =
      prelude
      + source.replacing(
        "sorted(int(fd) for fd in range(3, 64) if not fails(fd)) if 0 else ", with: "")
    let ending = try python.run(.stdio(PythonProgram(source: program), arguments: ["one", "2"]))
    #expect(
      ending.output == """
        __main__ True ['program.py', 'one', '2'] True
        ['alive', 'main', 'os', 'sys', 'threading']
        1000 1 True <module 'builtins' (built-in)>
        <stdin> r utf-8 surrogateescape False
        <stdout> w utf-8 surrogateescape False
        <stderr> w utf-8 backslashreplace True
        False True
        [4]

        """, "\(ending.errors)")
  }

  @Test("Each child starts from the same state, whatever the one before did")
  func cleanState() throws {
    let damage = """
      import builtins, json, sys, random
      open('left', 'w').write('x')
      builtins.len = lambda x: 7
      json.left = 1
      random.seed(5)
      sys.setrecursionlimit(50)
      print(len([]))
      """
    let look = """
      import json, os, sys, random
      print(len([]), hasattr(json, 'left'), os.listdir('.'), sys.getrecursionlimit(), random.random())
      """
    let before = try python.run(.stdio(PythonProgram(source: look)))
    #expect(try python.run(.stdio(PythonProgram(source: damage))).output == "7\n")
    let after = try python.run(.stdio(PythonProgram(source: look)))
    #expect(before.output == after.output)
    #expect(after.output.hasPrefix("0 False [] 1000 0."))
  }

  @Test("Programs that fork and use threads are whole")
  func forks() throws {
    let source = """
      import os, random, threading, sys
      lock = threading.Lock()
      threading.Thread(target=lock.acquire).start()
      r, w = os.pipe()
      if os.fork() == 0:
          os.write(w, repr((threading.active_count(), random.random())).encode())
          os._exit(0)
      os.wait()
      other = eval(os.read(r, 100))
      print(other[0], other[1] != random.random())
      """
    let ending = try python.run(.stdio(PythonProgram(source: source)))
    #expect(ending.output == "1 True\n", "\(ending.errors)")
  }

  @Test(
    "Text is UTF-8 both ways, and bytes that are not survive",
    arguments: ["é 😀\n", "\u{FEFF}x\r\ny\n"])
  func text(input: String) throws {
    let source =
      "import sys\ns = sys.stdin.read()\nprint(s, end='')\nprint(len(s), file=sys.stderr)"
    let ending = try python.run(.stdio(PythonProgram(source: source)), input: input)
    #expect(ending.output.utf8.elementsEqual(input.utf8))
    #expect(ending.errors == "\(input.unicodeScalars.count)\n")
  }
}
