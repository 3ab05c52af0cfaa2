import Foundation
import HoneJSON
import Testing
import hone

@Suite("nothing that others wrote acts on the terminal")
struct CleanMessageTests {
  /// A title, a bell, a cleared screen, C1's control sequence, a turned line, an invisible mark.
  private static let evil = "x\u{1B}]0;evil\u{7}\u{1B}[2J\u{9B}31m\u{202E}\u{200B}\u{7F}"
  /// The same in JSON.
  private static let evilJSON = JSON.string(evil).serialized()
  /// The same in YAML.
  private static let evilYAML = #""x\e]0;evil\a\e[2J\x9B31m\u202E\u200B\x7F""#

  // MARK: - Through the verbs

  private static let cases: [(String, @Sendable (TemporaryFolder) throws -> [String])] = [
    (
      "a tensor's name",
      { model in
        try addTensor(to: model)
        return ["score", model.path, "--input", "-"]
      }
    ),
    (
      "a tensor's name, inspected",
      { model in
        try addTensor(to: model)
        return ["inspect", model.path]
      }
    ),
    (
      "a model's type",
      { model in
        try edit(model, "config.json", #""llama""#, evilJSON)
        return ["generate", model.path, "--prompt", "1"]
      }
    ),
    (
      "a tokenizer's key",
      { model in
        try edit(model, "tokenizer.json", #""type":"ByteLevel""#, #""type":"# + evilJSON)
        return ["score", model.path, "--input", "-"]
      }
    ),
    (
      "a shard's name",
      { model in
        try FileManager.default.removeItem(atPath: model.file("model.safetensors"))
        try model.write(
          #"{"weight_map": {"model.norm.weight": "# + evilJSON + "}}",
          to: "model.safetensors.index.json")
        return ["inspect", model.path]
      }
    ),
    (
      "a problem's name",
      { model in
        let question = String(repeating: "1", count: 200)
        let tasks = try model.write(
          #"{"id": "# + evilJSON + #", "question": ""# + question
            + #"", "answer": "1", "grader": "math"}"#, to: "tasks.jsonl")
        return ["evaluate", model.path, "--tasks", tasks]
      }
    ),
    (
      "a grader's name",
      { model in
        let tasks = try model.write(
          #"{"id": "a", "question": "1", "answer": "1", "grader": "# + evilJSON + "}",
          to: "tasks.jsonl")
        return ["evaluate", model.path, "--tasks", tasks]
      }
    ),
    ("a grader of the command line", { _ in ["grade", "--grader", evil] }),
    (
      "a recipe's value",
      { model in
        let recipe = try model.write(
          "model: checkpoints/base\nstages:\n  - kind: " + evilYAML + "\n", to: "r.yaml")
        return ["train", recipe, "--dry-run"]
      }
    ),
    (
      "a recipe's key",
      { model in
        let recipe = try model.write("model: checkpoints/base\n\(evilYAML): 1\n", to: "r.yaml")
        return ["train", recipe, "--dry-run"]
      }
    ),
    ("a file's name", { model in ["inspect", model.path + "/" + evil] }),
    ("an option", { _ in ["grade", "--grader", "math", "--x" + evil] }),
    ("a verb", { _ in [evil] }),
  ]

  @Test(
    "errors show it spelled out", .enabled(if: HoneProcess.isBuilt, HoneProcess.absence),
    arguments: cases.indices)
  func errors(index: Int) throws {
    let (name, prepare) = Self.cases[index]
    let model = try TemporaryFolder()
    try TinyModel.write(to: model)
    let text = try PseudoTerminal.text(try prepare(model), columns: 500)
    #expect(text.contains("error:"), "\(name): \(text)")
    #expect(text.contains("]0;evil"), "\(name) is not in the message: \(text)")
    #expect(Self.acting(in: text).isEmpty, "\(name): \(Self.acting(in: text)) in \(text)")
  }

  @Test(
    "a name with a line break makes no line of its own",
    .enabled(if: HoneProcess.isBuilt, HoneProcess.absence))
  func lines() throws {
    let result = try HoneProcess.run(["inspect", "x\nerror: forged"])
    #expect(result.error.hasPrefix("error: x\n  error: forged: no such folder"))
    let text = try PseudoTerminal.text(["inspect", "x\r\nerror: forged"], columns: 200)
    #expect(text.contains("x␍\r\n  error: forged"), "\(text)")
  }

  @Test(
    "rows of JSON on a terminal mean the same and act on nothing; piped they stay as they are",
    .enabled(if: HoneProcess.isBuilt, HoneProcess.absence))
  func rows() throws {
    let model = try TemporaryFolder()
    try TinyModel.write(to: model)
    let path = try model.write(
      #"{"id": "# + Self.evilJSON + #", "prompt": "1", "completion": "2"}"#, to: "rows.jsonl")
    let text = try PseudoTerminal.text(["score", model.path, "--input", path], columns: 80)
    #expect(Self.acting(in: text).isEmpty, "\(text)")
    let row = try JSON.parse(text.trimmingCharacters(in: .whitespacesAndNewlines))
    #expect(row["id"]?.string == Self.evil)
    let piped = try HoneProcess.run(["score", model.path, "--input", path])
    #expect(try piped.rows()[0]["id"]?.string == Self.evil)
    #expect(piped.output.contains("\u{9B}31m\u{202E}"))
  }

  /// What could act on a terminal, the command's own colours and painted lines aside.
  private static func acting(in text: String) -> [String] {
    let own = text.replacingOccurrences(of: "\u{1B}[K", with: "").replacingOccurrences(
      of: "\u{1B}\\[(0|1|2|31|32|33)m", with: "", options: .regularExpression)
    return own.unicodeScalars.filter { scalar in
      switch scalar.value {
      case 0x0A, 0x0D, 0x09: false
      case 0..<0x20, 0x7F...0x9F, 0x200B...0x200F, 0x202A...0x202E: true
      default: false
      }
    }.map { String($0.value, radix: 16) }
  }

  private static func edit(
    _ folder: TemporaryFolder, _ name: String, _ old: String, _ new: String
  ) throws {
    let text = try folder.read(name)
    try #require(text.contains(old))
    try folder.write(text.replacingOccurrences(of: old, with: new), to: name)
  }

  /// Adds an empty tensor with an evil name, which is not part of the policy.
  private static func addTensor(to model: TemporaryFolder) throws {
    let url = URL(fileURLWithPath: model.file("model.safetensors"))
    let bytes = [UInt8](try Data(contentsOf: url))
    let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    var text = String(decoding: bytes[8..<8 + length], as: UTF8.self)
    let end = bytes.count - 8 - length
    let entry = #": {"dtype": "F32", "shape": [0], "data_offsets": [\#(end), \#(end)]}"#
    try #require(text.hasSuffix("}"))
    text = String(text.dropLast()) + "," + evilJSON + entry + "}"
    let header = Array(text.utf8)
    let prefix = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    try Data(prefix + header + bytes[(8 + length)...]).write(to: url)
  }

  // MARK: - By construction

  @Test("escaping is a text's own, styles are added after it")
  func styled() {
    let text = StyledText("a\u{1B}[31mb\n\tc")
    #expect(text.rendered == "a␛[31mb\n\tc")
    #expect((text + " d").rendered == "a␛[31mb\n\tc d")
    #expect("\(Self.evil)".shown() == StyledText(Self.evil).rendered)
    let json = JSON.string("a\u{9B}\u{E0001}é\n").serialized()
    #expect(json.escapedForTerminal == #""a\u009b\udb40\udc01é\n""#)
  }

  @Test("there is one door out: streams take clean text, and nothing else writes to descriptors")
  func doors() throws {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources").standardizedFileURL
    // What writes besides: whole files, and signal handlers, which may say fixed words alone.
    let allowed: [String: Set<String>] = [
      "write(": [
        "OutputStream.swift", "StopSignals.swift", "FatalSignals.swift", "SystemCalls.swift",
      ]
    ]
    let doors = [
      "write(": #"(Foundation|Glibc)\.write\("#, "print": #"(^|[^.\w"])(debugP|p)rint\("#,
      "C streams": #"\b(fputs|fprintf|puts|fwrite|perror|vprintf|stderr|stdout)\b\s*[(,)]"#,
      "handles": #"FileHandle\.standard(Error|Output)"#,
      "numbers": #"(STDERR|STDOUT)_FILENO"#,
    ]
    let numbers: Set<String> = [
      "OutputStream.swift", "StopSignals.swift", "FatalSignals.swift", "Terminal.swift",
      "StandardDescriptors.swift", "ProgramAnswer.swift",
    ]
    var seen = 0
    let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
    for case let file as URL in try #require(files) where file.pathExtension == "swift" {
      seen += 1
      let name = file.lastPathComponent
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        let code = line.drop { $0 == " " }
        // Comments, and programs in other languages that texts show.
        if code.hasPrefix("//") || code.contains("json.dumps") || code.contains("sys.stdout")
          || name == "ModelCard.swift"
          || name == "KnownLanguages.swift" || name == "PythonInterpreter.swift"
        {
          continue
        }
        for (door, pattern) in doors
        where code.range(of: pattern, options: .regularExpression) != nil {
          let mayPass = (door == "numbers" ? numbers : allowed[door] ?? []).contains(name)
          #expect(mayPass, "\(name): \(code)")
        }
      }
    }
    #expect(seen > 200)
  }
}
