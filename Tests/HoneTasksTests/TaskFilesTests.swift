import Foundation
import HoneTasks
import Testing

@Suite struct TaskFilesTests {
  static var root: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
  }

  /// All bundled problems, made once for the tests of this suite.
  static let problems: Result<[(TaskFiles.File, [Problem])], TaskError> = Result {
    () throws(TaskError) in
    var all: [(TaskFiles.File, [Problem])] = []
    for file in TaskFiles.bundled { all.append((file, try file.problems())) }
    return all
  }

  @Test("Every bundled file is what its command makes, byte for byte", arguments: TaskFiles.bundled)
  func reproducible(file: TaskFiles.File) throws {
    let stored = try Data(contentsOf: Self.root.appendingPathComponent(file.path))
    #expect(stored == Data(try file.contents().utf8), "\(file.path): run '\(file.command)'")
  }

  @Test("Bundled training and test files share no problem")
  func disjoint() throws {
    var keys: [TaskSplit: Set<String>] = [:]
    for (file, problems) in try Self.problems.get() {
      keys[file.split, default: []].formUnion(problems.map(\.canonicalKey))
    }
    let train = try #require(keys[.train])
    let test = try #require(keys[.test])
    #expect(train.count > 5000 && test.count > 2000)
    #expect(train.isDisjoint(with: test))
  }

  @Test("The first problems of a bundled file are as hard as the last")
  func order() throws {
    for (file, problems) in try Self.problems.get() {
      let third = problems.count / 3
      let mean = { (part: ArraySlice<Problem>) in
        Double(part.compactMap(\.difficulty).reduce(0, +)) / Double(third)
      }
      let drift = mean(problems.suffix(third)) - mean(problems.prefix(third))
      #expect(abs(drift) < 0.3, "\(file.path): \(drift)")
    }
  }

  @Test("Ids are unique over all bundled files")
  func ids() throws {
    let ids = try Self.problems.get().flatMap { $0.1.map(\.id) }
    #expect(Set(ids).count == ids.count)
  }

  @Test("Files are written to a folder")
  func writing() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("task-files-\(ProcessInfo.processInfo.processIdentifier)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = try TaskFiles.write(to: folder.path)
    #expect(paths.count == TaskFiles.bundled.count)
    for (path, file) in zip(paths, TaskFiles.bundled) {
      #expect(path.hasSuffix(file.path))
      #expect(FileManager.default.fileExists(atPath: path))
    }
  }
}
