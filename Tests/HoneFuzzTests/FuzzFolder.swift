import Foundation
import HoneFiles
import HoneJSON
import HoneNumerics
import HonePolicy
import HoneTasks
import HoneText
import HoneTraining

/// The repository's own files, as cases begin with them.
struct FuzzSeeds: Sendable {
  /// The files of the published base that are JSON, by name, with those of a checkpoint.
  var json: [String: JSON] = [:]
  /// The base's weights, cut into header and body.
  var weights: (file: [UInt8], body: [UInt8]) = ([], [])
  var header: [UInt8] = []
  var headerJSON: JSON = [:]
  /// Recipes.
  var recipes: [String] = []
  /// Rows of tasks, of several layouts.
  var rows: [JSON] = []

  /// The root of the repository.
  static let root: String = {
    let file = URL(fileURLWithPath: #filePath)
    return file.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
  }()

  static func bytes(_ path: String) throws -> [UInt8] {
    try InputFile.contents(path, limit: 1 << 30)
  }

  /// Reads them.
  static func read() throws -> FuzzSeeds {
    var seeds = FuzzSeeds()
    let base = root + "/checkpoints/base"
    for name in FuzzFolder.jsonFiles {
      seeds.json[name] = try JSON.parse(bytes(base + "/" + name))
    }
    let file = try bytes(base + "/model.safetensors")
    let length = file[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    seeds.weights = (file, Array(file[(8 + length)...]))
    seeds.header = Array(file[8..<8 + length])
    seeds.headerJSON = try JSON.parse(seeds.header)
    for name in try Files.list(root + "/tasks/recipes") where name.hasSuffix(".yaml") {
      seeds.recipes.append(
        String(decoding: try bytes(root + "/tasks/recipes/" + name), as: UTF8.self))
    }
    for name in ["arithmetic", "synthesis", "countdown"] {
      let rows = try JSONLines(contentsOf: root + "/tasks/\(name)/test.jsonl")
      seeds.rows += try rows.prefix(4).map { try $0.result.get() }
    }
    seeds.rows += [
      ["question": "1 + 1?", "answer": "It is two.\n#### 2"],
      ["problem": "1 + 1?", "solution": "So \\boxed{2}.", "level": "Level 1"],
      ["prompt": [["role": "user", "content": "1 + 1?"]], "ground_truth": "2"],
      [
        "prompt": [["role": "user", "content": "1?"]], "data_source": "a",
        "reward_model": ["ground_truth": "1", "style": "rule"], "extra_info": ["index": 3],
      ],
      [
        "task_id": "HumanEval/0", "prompt": "def f(a):\n", "entry_point": "f",
        "test": "def check(candidate): pass", "canonical_solution": "    return a\n",
      ],
      ["text": "Add.", "code": "def f(): pass", "test_list": ["assert f()"], "task_id": 7],
      [
        "question_content": "Echo.", "public_test_cases": "[{\"input\": \"1\", \"output\": \"1\"}]",
        "question_id": "a", "private_test_cases": "eJw=",
      ],
    ]
    return seeds
  }
}

/// A copy of the published base in a folder of its own, with whatever a case puts there.
final class FuzzFolder {
  static let jsonFiles = [
    "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "hone.json",
  ]

  let path: String
  private(set) var seeds: FuzzSeeds
  let compute = Compute(workers: 1)

  init() throws {
    path = NSTemporaryDirectory() + "hone-fuzz-\(UUID().uuidString)"
    seeds = try FuzzSeeds.read()
    guard SystemCalls.makeFolders(path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    restore(Self.jsonFiles + ["model.safetensors"])
    // A checkpoint's files, made by what writes them.
    let manifest = try Manifest.make(folder: path)
    seeds.json[Manifest.fileName] = manifest.json
    var state = TrainerState(step: 12, stage: 1, seed: 3)
    state.best = TrainerState.Best(metric: 0.5, step: 8)
    state.cursor = BatchCursor(epoch: 1, position: 4)
    state.fileLengths = ["metrics.jsonl": 1000]
    seeds.json[TrainerState.fileName] = state.json
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  func write(_ bytes: [UInt8], to name: String) throws {
    guard SystemCalls.writeFile(file(name), bytes) == 0 else { throw CocoaError(.fileWriteUnknown) }
  }

  func remove(_ name: String) { _ = SystemCalls.unlink(file(name)) }

  /// Puts the base's own files back.
  func restore(_ names: [String]) {
    for name in names {
      let bytes =
        name == "model.safetensors" ? seeds.weights.file : seeds.json[name]?.serializedBytes() ?? []
      _ = SystemCalls.writeFile(file(name), bytes)
    }
  }

  /// The exit code of an error, as the command line gives it; others go on.
  func outcome(_ body: () throws -> Void) throws -> FuzzOutcome {
    do {
      try body()
      return .accepted
    } catch let error as PolicyError {
      switch error.kind {
      case .badData: return .refused(65)
      case .missingFile: return .refused(66)
      case .inputOutput: return .refused(74)
      case .usage: return .refused(64)
      }
    } catch let error as NonFinitePrediction {
      return try outcome { throw PolicyError(error, model: path, what: "the prompt") }
    } catch let error as TextError {
      return .refused(error.kind == .malformed ? 65 : error.kind == .missingFile ? 66 : 74)
    } catch let error as TrainingError {
      return .refused(error.exitCode)
    } catch let error as TaskError {
      return .refused(error.isUnreadable ? 74 : 65)
    }
  }
}
