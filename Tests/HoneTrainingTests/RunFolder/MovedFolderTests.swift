import Foundation
import HoneFiles
import HoneJSON
import HoneNumerics
import HoneTraining
import Testing

@Suite("A folder that is moved, full or read-only", .serialized)
struct MovedFolderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Runs and does something after a step.
  private func run(at path: String, after step: Int, _ body: @escaping () throws -> Void) throws {
    let counter = Counter()
    try SmallRun.run(at: path) {
      if counter.next() == step { try? body() }
      return nil
    }
  }

  @Test(
    "A run whose folder is moved ends with 74 and writes nothing in its place", arguments: 1...11)
  func moved(step: Int) throws {
    let path = folder.file("run")
    let other = folder.file("elsewhere")
    let error = #expect(throws: TrainingError.self) {
      try run(at: path, after: step) { try Files.rename(path, to: other) }
    }
    #expect(error?.exitCode == 74, "\(String(describing: error))")
    #expect(error?.message.contains("moved or removed") == true)
    #expect(!Files.exists(path))
    try SmallRun.resume(at: other)
    #expect(try Files.list(other).contains("checkpoint-11"))
  }

  @Test("What takes the folder's place stays as it is, and so does what takes a row file's")
  func replaced() throws {
    let path = folder.file("run")
    let error = #expect(throws: TrainingError.self) {
      try run(at: path, after: 3) { [folder] in
        try Files.rename(path, to: folder.file("elsewhere"))
        try Files.makeFolder(path)
        try folder.write("mine", to: "run/metrics.jsonl")
      }
    }
    #expect(error?.exitCode == 74 && error?.message.contains("something else") == true)
    #expect(try Files.list(path) == ["metrics.jsonl"])
    #expect(try folder.text("run/metrics.jsonl") == "mine")
    let second = folder.file("second")
    let lost = #expect(throws: TrainingError.self) {
      try run(at: second, after: 3) { try Files.remove("\(second)/completions.jsonl") }
    }
    #expect(lost?.exitCode == 74)
    #expect(lost?.message.contains("completions.jsonl: moved or removed") == true)
  }

  /// Has every call fail that would change something.
  private final class ReadOnly: FileFaults {
    let code: Int32
    init(_ code: Int32) { self.code = code }
    func fault(_ call: FileCall) -> Int32? {
      if call.name == .open, !call.options.isDisjoint(with: [.writeOnly, .readWrite]),
        code == EROFS
      {
        return code
      }
      return call.isChange ? code : nil
    }
    func happened(_ call: FileCall, result: Int) {}
  }

  @Test("A finished run on a full or read-only disk is finished: 0", arguments: [ENOSPC, EROFS])
  func finished(code: Int32) throws {
    let path = folder.file("run")
    try SmallRun.run(at: path)
    func resume() throws -> ([String], TrainingRun.Outcome) {
      let ear = OwnTasks.Ear()
      let outcome = try TrainingRun.resume(
        nil, recipeFile: nil, at: path, arguments: [], compute: Compute(workers: 1), sink: ear
      ).run()
      return (ear.notes, outcome)
    }
    do {
      SystemCalls.setFaults(ReadOnly(code), below: path)
      defer { SystemCalls.setFaults(nil, below: path) }
      let (notes, outcome) = try resume()
      #expect(outcome.wasFinished && outcome.evaluated.after != nil && notes == [])
    }
    // With leftovers of a run that was killed at its very end, all the same; and they are told.
    try Files.makeFolder("\(path)/.tmp-removed-3")
    do {
      SystemCalls.setFaults(ReadOnly(code), below: path)
      defer { SystemCalls.setFaults(nil, below: path) }
      let (notes, outcome) = try resume()
      #expect(outcome.wasFinished && notes.contains { $0.contains("could not be tidied up") })
    }
    #expect(try resume().1.wasFinished)
    #expect(!Files.exists("\(path)/.tmp-removed-3"))
    // A run that is not finished needs a disk that can be written to.
    SystemCalls.setFaults(ReadOnly(code), below: path)
    defer { SystemCalls.setFaults(nil, below: path) }
    let error = #expect(throws: TrainingError.self) {
      try SmallRun.resume(at: path, overrides: ["stages.1.steps=8"])
    }
    #expect(error?.exitCode == 74)
  }

  @Test("Rows count for the space that a run needs, and a resume looks as well")
  func space() throws {
    let recipe = try SmallRun.load()
    let all = recipe.rowBytes(after: 0)
    #expect(all > recipe.rowBytes(after: 8) && recipe.rowBytes(after: 8) > 0)
    #expect(recipe.rowBytes(after: 11) <= 6000)
    let path = folder.file("run")
    try SmallRun.run(at: path)
    // Of the right order: the estimate is at least what was written, and not ten times as much.
    let written = ["metrics.jsonl", "evaluations.jsonl", "completions.jsonl"].reduce(0) {
      $0 + (Files.size("\(path)/\($1)") ?? 0)
    }
    #expect(all >= written && all < 10 * written, "\(all), written \(written)")
    // More rows than any disk holds.
    let error = #expect(throws: TrainingError.self) {
      try SmallRun.resume(at: path, overrides: ["stages.1.steps=1000000000"])
    }
    #expect(
      error?.exitCode == 74 && error?.message.contains("rows") == true,
      "\(String(describing: error))")
    #expect(Files.exists("\(path)/checkpoint-11"))
  }
}
