import HoneGraders
import HoneJSON
import Testing

@Suite struct ProgramExtractionTests {
  private static let stdio: JSON = ["kind": "stdio", "cases": [["input": "", "output": ""]]]
  private static let prompt =
    "import math\n\ndef helper(x):\n    return x\n\ndef add(a, b):\n    \"\"\"Adds.\"\"\"\n"
  private static let humaneval: JSON = [
    "kind": "humaneval", "prompt": .string(prompt), "entry_point": "add",
    "test": "def check(candidate):\n    assert candidate(1, 2) == 3",
  ]

  private func extract(
    _ completion: String, tests: JSON = stdio, language: String = "python", mode: String? = nil,
    isTruncated: Bool = false
  ) throws -> ProgramExtraction {
    var fields: JSONObject = ["tests": tests, "language": .string(language)]
    if let mode { fields["mode"] = .string(mode) }
    return ProgramExtraction(
      completion, task: try CodeTask(fields: fields), isTruncated: isTruncated)
  }

  @Test(
    "The last block of the language is the program",
    arguments: [
      ("```python\na\n```", "a\n", "the last python block"),
      ("So:\n```py\na\n```\nand done.", "a\n", "the last py block"),
      ("```python3\na\n```\n```python\nb\n```", "b\n", "the last python block"),
      ("```\na\n```", "a\n", "the last block without a tag"),
      ("```python\na\n```\nOutput:\n```\n3\n```", "a\n", "the last python block"),
      ("```python\na\n```\n```bash\nls\n```", "a\n", "the last python block"),
      ("```Python\na\n```", "a\n", "the last python block"),
      ("``` python\na\n```", "a\n", "the last python block"),
      ("```python title=\"x.py\"\na\n```", "a\n", "the last python block"),
      ("```{.python}\na\n```", "a\n", "the last python block"),
      ("```python:main.py\na\n```", "a\n", "the last python block"),
      ("~~~python\na\n~~~", "a\n", "the last python block"),
      ("~~~python\n```\na\n```\n~~~", "```\na\n```\n", "the last python block"),
      ("````python\n```\na\n````", "```\na\n", "the last python block"),
      ("````markdown\n```python\na\n```\n````\n```python\nb\n```", "b\n", "the last python block"),
      ("```python\n\n  a\n\tb\n```", "\n  a\n\tb\n", "the last python block"),
      ("```python\r\na\r\nb\r\n```\r\n", "a\r\nb\r\n", "the last python block"),
      ("- step\n  ```python\n  if a:\n    b\n\n  ```\n", "if a:\n  b\n\n", "the last python block"),
      ("    ```python\n    a\n  b\n    ```", "a\nb\n", "the last python block"),
      ("```python\na\n   ```   \n", "a\n", "the last python block"),
      ("```python\n```", "", "the last python block"),
      (
        "```python\nd = '''\n    ```\n    x\n    ```\n'''\n```",
        "d = '''\n    ```\n    x\n    ```\n'''\n", "the last python block"
      ),
      ("```python\nprint('``')\n`````", "print('``')\n", "the last python block"),
      ("<think>\n```python\nx\n```\n</think>\n```python\na\n```", "a\n", "the last python block"),
      ("reasoning</think>```x```</think>\n```python\na\n```", "a\n", "the last python block"),
      ("<think>a</think><answer>```python\na\n```</answer>", "a\n", "the last python block"),
      ("<answer>\n```python\na\n```\n</answer>\n```python\nb\n```", "a\n", "the last python block"),
      ("```python\ns = '<answer>'\n```", "s = '<answer>'\n", "the last python block"),
      ("```python\na", "a", "the last python block"),
      ("```python\na\n```\n```python\nb\n", "b\n", "the last python block"),
    ])
  func blocks(completion: String, program: String, rule: String) throws {
    let extraction = try extract(completion)
    #expect(extraction.program == program)
    #expect(extraction.rule == rule)
  }

  @Test(
    "What is no block of the language is no program",
    arguments: [
      ("", "no program: no block of python"), ("print(1)", "no program: no block of python"),
      ("```bash\nls\n```", "no program: no block of python"),
      ("``python\na\n``", "no program: no block of python"),
      ("```python a```", "no program: no block of python"),
      ("see ```python\na", "no program: no block of python"),
      ("```pythonx\na\n```", "no program: no block of python"),
      ("```cpp\na\n```", "no program: no block of python"),
      ("````markdown\n```python\na\n```\n````", "no program: no block of python"),
      ("<think>\n```python\na\n```", "no program: the reasoning is never closed"),
      ("</think><think>```python\na\n```", "no program: the reasoning is never closed"),
      ("```python\nx\n```\n</think>\nNo idea.", "no program: no block of python"),
      ("```python\nx\n```\n<answer>\nNo idea.</answer>", "no program: no block of python"),
    ])
  func missing(completion: String, rule: String) throws {
    let extraction = try extract(completion)
    #expect(extraction.program == nil)
    #expect(extraction.rule == rule)
  }

  @Test("A block that the longest length cut off is no program, nor is one before it")
  func truncated() throws {
    let open = try extract("```python\na\n```\n```python\nb\n", isTruncated: true)
    #expect(open.program == nil)
    #expect(open.rule == "no program: the last python block is cut off")
    #expect(try extract("```python\na\n```\nAnd th", isTruncated: true).program == "a\n")
    // Output that was being shown is no block of the language.
    #expect(try extract("```python\na\n```\n```\n3", isTruncated: true).program == "a\n")
  }

  @Test(
    "Each language has its tags",
    arguments: [
      ("c", "```c\na\n```", "a\n"), ("c", "```cpp\na\n```", nil), ("cpp", "```c++\na\n```", "a\n"),
      ("cpp", "```cpp\na\n```\n```c\nb\n```", "a\n"), ("swift", "```swift\na\n```", "a\n"),
      ("swift", "```python\na\n```", nil), ("C++", "```\na\n```", "a\n"),
    ] as [(String, String, String?)])
  func languages(language: String, completion: String, program: String?) throws {
    #expect(try extract(completion, language: language).program == program)
  }

  @Test("With mode answer, the completion is the program")
  func bare() throws {
    let text = "<think>\n```python\na\n"
    let extraction = try extract(text, mode: "answer", isTruncated: true)
    #expect(extraction.program == text)
    #expect(extraction.rule == "the whole text")
    let body = try extract("    return a + b\n", tests: Self.humaneval, mode: "answer")
    #expect(body.program == Self.prompt + "    return a + b\n")
    #expect(body.rule == "the whole text, after the prompt")
  }

  @Test(
    "A continuation goes behind the prompt, a whole function behind its preamble",
    arguments: [
      ("    return a + b\n", "the text, after the prompt", false),
      ("```python\n    return a + b\n```", "the last python block, after the prompt", false),
      ("    return a + b\n```\nThis adds.", "the text, after the prompt", false),
      ("x</think>    return a + b\n", "the text, after the prompt", false),
      ("def add(a, b):\n    return a + b\n", "the text, which defines add", true),
      ("\nasync def add (a, b):\n    return a + b\n", "the text, which defines add", true),
      (
        "So:\n```python\ndef add(a, b):\n    return a + b\n```\n",
        "the last python block, which defines add", true
      ),
      (
        "```\ndef add(a, b):\n    return a + b\n",
        "the last block without a tag, which defines add", true
      ),
      ("    def add(a, b):\n        return a + b\n", "the text, after the prompt", false),
      ("    return a\n\ndef add_more(a, b):\n    return 1\n", "the text, after the prompt", false),
      ("", "the text, after the prompt", false),
    ])
  func continuation(completion: String, rule: String, isWhole: Bool) throws {
    let extraction = try extract(completion, tests: Self.humaneval)
    #expect(extraction.rule == rule)
    let program = try #require(extraction.program)
    let preamble = "import math\n\ndef helper(x):\n    return x\n\n"
    #expect(program.hasPrefix(isWhole ? preamble : Self.prompt))
    if isWhole { #expect(!program.contains("Adds.")) }
    #expect(!program.contains("```"))
  }

  @Test("A block begins on a line of its own even where the prompt ends within one")
  func lineBreak() throws {
    let tests: JSON = [
      "kind": "humaneval", "prompt": "def add(a, b):", "entry_point": "add",
      "test": "def check(candidate): pass",
    ]
    #expect(
      try extract("```python\n    return 1\n```", tests: tests).program
        == "def add(a, b):\n    return 1\n")
    #expect(try extract(" return 1", tests: tests).program == "def add(a, b): return 1")
  }

  @Test("A program has at most 256 KiB, with what the prompt adds")
  func tooLong() throws {
    let body = String(repeating: "#", count: CodeTask.Bounds.programBytes)
    #expect(try extract(body, mode: "answer").program == body)
    let extraction = try extract(body + "#", mode: "answer")
    #expect(extraction.program == nil)
    #expect(extraction.rule == "no program: it has 262145 bytes, at most 262144 are taken")
    #expect(try extract(body, tests: Self.humaneval).program == nil)
  }

  @Test("Hostile texts take no time to speak of", .timeLimit(.minutes(1)))
  func hostile() throws {
    let count = 20_000
    for piece in [
      "```\n", "```python\n", "~~~", "`", "`~", "<think>", "</think>", "<answer>\n", "</answer>\n",
      "    ```python\n", "def add(", "def add\n", "\n", " ", "<", "````\n```\n",
    ] {
      let text = String(repeating: piece, count: count)
      for tests in [Self.stdio, Self.humaneval] { _ = try extract(text, tests: tests) }
      _ = try extract("```python\n" + text, tests: Self.humaneval)
    }
    var growing = ""
    for length in 3..<600 { growing += String(repeating: "`", count: length) + "\n" }
    _ = try extract(growing)
  }
}
