import Foundation
import HoneJSON

/// Puts changed folders and rows through the command: exit codes of the contract, no signal, no hang.
struct FuzzCommand {
  /// The command; nil where it has not been built.
  static let binary: String? = {
    if let path = ProcessInfo.processInfo.environment["HONE_BINARY"] { return path }
    guard let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    else { return nil }
    let path = URL(fileURLWithPath: tests).deletingLastPathComponent().path + "/hone"
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()

  /// Codes that a changed file may lead to.
  private static let codes: Set<Int32> = [0, 64, 65, 66, 69, 71, 73, 74, 78]

  let seed: UInt64
  let folder: FuzzFolder
  private(set) var statuses: [String: [Int32: Int]] = [:]
  private(set) var findings: [String] = []
  private var rows = 0

  init(seed: UInt64) throws {
    self.seed = seed
    folder = try FuzzFolder()
  }

  // MARK: - Folders

  /// Runs a verb on so many changed folders.
  mutating func runFolders(_ count: Int) throws {
    for number in 0..<count {
      var mutator = Mutator(random: FuzzRandom(seed: seed &+ 77, number: number))
      let name = mutator.random.pick([
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json",
        "hone.json", "model.safetensors", "manifest.json", "trainer_state.json", "recipe.yaml",
        "tasks.jsonl",
      ])
      try change(name, &mutator)
      for arguments in verbs(for: name, &mutator) {
        // A dry run of a recipe that is still right makes its problems and times its passes: work.
        run(
          arguments, "\(name), seed \(seed), case \(number)",
          seconds: arguments[0] == "train" ? 60 : 10)
      }
      folder.restore([name])
      if folder.seeds.json[name] == nil || name == "manifest.json" || name == "trainer_state.json" {
        if name != "model.safetensors" { folder.remove(name) }
      }
    }
  }

  private func change(_ name: String, _ mutator: inout Mutator) throws {
    switch name {
    case "recipe.yaml":
      try folder.write(mutator.yaml(mutator.random.pick(folder.seeds.recipes)), to: name)
    case "tasks.jsonl":
      try folder.write(
        mutator.json(mutator.random.pick(folder.seeds.rows)) + [0x0A], to: name)
    case "model.safetensors":
      let header = mutator.json(folder.seeds.headerJSON)
      try folder.write(
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header
          + folder.seeds.weights.body, to: name)
    default: try folder.write(mutator.json(folder.seeds.json[name] ?? [:]), to: name)
    }
  }

  private func verbs(for name: String, _ mutator: inout Mutator) -> [[String]] {
    let path = folder.path
    switch name {
    case "recipe.yaml":
      return [["train", "\(path)/recipe.yaml", "--dry-run", "--output", "\(path)/run"]]
    case "tasks.jsonl": return [["tasks", "check", "\(path)/tasks.jsonl"]]
    case "tokenizer.json", "tokenizer_config.json":
      return [["tokenize", path], ["inspect", path]]
    default:
      return [
        ["inspect", path],
        mutator.random.once(in: 2)
          ? ["generate", path, "--prompt", "Q: 1 + 1\nA:\n", "--max-tokens", "4"]
          : ["score", path, "--input", "/dev/null"],
      ]
    }
  }

  // MARK: - Rows

  /// Sends so many changed rows over the pipes; each has its answer, in order.
  mutating func runRows(_ count: Int) throws {
    let seeds: [(arguments: [String], rows: [JSON])] = [
      (
        ["score", folder.path, "--input", "-"],
        [
          ["id": "a", "prompt_ids": [5, 6, 7], "completion_ids": [8, 9]],
          ["id": 3, "prompt": "1 + 1", "completion": " = 2"],
        ]
      ),
      (
        ["generate", folder.path, "--prompts", "-", "--max-tokens", "2", "--json"],
        [["id": "a", "prompt_ids": [5, 6, 7]], ["prompt": "1 + 1"], ["question": "1"]]
      ),
      (
        ["tokenize", folder.path], [["id": "a", "text": "1 + 1 = é"]]
      ),
      (
        ["tokenize", folder.path, "--decode"], [["id": "a", "ids": [1, 2, 3]]]
      ),
    ]
    for (index, (arguments, rows)) in seeds.enumerated() {
      var input: [UInt8] = []
      for number in 0..<count / seeds.count {
        var mutator = Mutator(
          random: FuzzRandom(seed: seed &+ UInt64(1000 * index), number: number))
        input += mutator.json(mutator.random.pick(rows)) + [0x0A]
      }
      let expected = input.split(separator: 0x0A).count {
        !$0.allSatisfy { [0x20, 0x09, 0x0D].contains($0) }
      }
      self.rows += expected
      let output = run(arguments, "rows, seed \(seed)", input: input, seconds: 600)
      let answers = output.split(separator: 0x0A).count
      if answers != expected {
        findings.append("\(arguments): \(answers) answers to \(expected) rows")
      }
    }
  }

  // MARK: - Processes

  /// Runs the command and looks at how it ended; its output.
  @discardableResult
  private mutating func run(
    _ arguments: [String], _ name: String, input: [UInt8] = [], seconds: Double = 10
  ) -> [UInt8] {
    let (inputPath, outputPath) = (folder.file("stdin"), folder.file("stdout"))
    _ = FileManager.default.createFile(atPath: inputPath, contents: Data(input))
    _ = FileManager.default.createFile(atPath: outputPath, contents: nil)
    defer {
      folder.remove("stdin")
      folder.remove("stdout")
    }
    let process = Process()
    process.executableURL = Self.binary.map { URL(fileURLWithPath: $0) }
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: FuzzSeeds.root)
    process.standardInput = FileHandle(forReadingAtPath: inputPath)
    process.standardOutput = FileHandle(forWritingAtPath: outputPath)
    process.standardError = FileHandle.nullDevice
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    guard (try? process.run()) != nil else {
      findings.append("\(name): cannot be started")
      return []
    }
    let verb = arguments[0]
    if ended.wait(timeout: .now() + seconds) == .timedOut {
      findings.append("\(name): \(verb): no end after \(seconds) s")
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
      return []
    }
    let status = process.terminationStatus
    let wasKilled = process.terminationReason != .exit
    statuses[verb, default: [:]][wasKilled ? -status : status, default: 0] += 1
    if wasKilled || !Self.codes.contains(status) {
      findings.append("\(name): \(arguments): \(wasKilled ? "signal" : "exit") \(status)")
    }
    return (try? FuzzSeeds.bytes(outputPath)) ?? []
  }

  /// The figures, a line a verb.
  var report: String {
    statuses.sorted { $0.key < $1.key }.map { verb, counts in
      "\(verb): "
        + counts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    }.joined(separator: "\n") + "\n\(rows) rows; \(findings.count) findings"
  }
}
