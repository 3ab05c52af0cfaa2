import Foundation
import HoneFiles
import HoneTraining
import Testing

/// Has the reading of a file fail.
private final class Refusal: FileFaults {
  let path: String
  init(_ path: String) { self.path = path }
  func fault(_ call: FileCall) -> Int32? { call.name == .read && call.path == path ? EIO : nil }
  func happened(_ call: FileCall, result: Int) {}
}

@Suite("Recipe files", .timeLimit(.minutes(1)))
struct RecipeFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let text = """
    stages:
      - {kind: grpo, tasks: {train: tasks/a.jsonl}, steps: 3}
    """

  private func failure(_ path: String) -> TrainingError? {
    do throws(TrainingError) {
      _ = try Recipe.load(contentsOf: path)
      return nil
    } catch {
      return error
    }
  }

  @Test("A byte order mark is no part of the text")
  func byteOrderMark() throws {
    try folder.write("\u{FEFF}" + Self.text, to: "recipe.yaml")
    try folder.write(Self.text, to: "plain.yaml")
    var recipe = try Recipe.load(contentsOf: folder.file("recipe.yaml"))
    recipe.name = "plain"
    #expect(try recipe == Recipe.load(contentsOf: folder.file("plain.yaml")))
    // Places are those that an editor shows.
    try folder.write("\u{FEFF}stages: 3\n", to: "wrong.yaml")
    #expect(failure(folder.file("wrong.yaml"))?.message.contains("wrong.yaml:1:9: ") == true)
  }

  @Test("What cannot be read is told with its reason and code")
  func unreadable() throws {
    #expect(failure(folder.file("none.yaml"))?.exitCode == 66)
    let error = failure(folder.path)
    #expect(error?.exitCode == 74)
    #expect(
      error?.message == "\(folder.path): cannot be read: Is a directory; a recipe is a YAML file")
    #expect(failure("/dev/zero")?.exitCode == 74)
    try folder.write(Self.text, to: "recipe.yaml")
    let path = folder.file("recipe.yaml")
    SystemCalls.setFaults(Refusal(path), below: folder.path)
    defer { SystemCalls.setFaults(nil, below: folder.path) }
    #expect(failure(path)?.exitCode == 74)
    #expect(failure(path)?.message.contains("cannot be read: Input/output error") == true)
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
    // A run's own recipe is a file; nothing waits for a writer.
    #expect(throws: TrainingError.self) {
      try Recipe.load(contentsOf: folder.file("pipe"), from: .folder)
    }
  }

  @Test("Sizes are multiplied within bounds")
  func products() {
    func message(_ keys: String) -> String? {
      do throws(TrainingError) {
        _ = try Recipe.parse(
          """
          stages:
            - {kind: grpo, tasks: {train: a.jsonl}, steps: 1, \(keys)}
          """)
        return nil
      } catch {
        return error.exitCode == 78 ? error.message : nil
      }
    }
    #expect(
      message(
        "group_size: 5000000, prompts_per_step: 1, sampling: {max_completion_length: 16777216}")?
        .contains("tokens a group; wanted: at most 1073741824") == true)
    #expect(
      message("group_size: 10000000, prompts_per_step: 10000000")?
        .contains("100000000000000 samples a step") == true)
    #expect(message("group_size: 8, sampling: {max_completion_length: 16777216}") == nil)
  }
}
