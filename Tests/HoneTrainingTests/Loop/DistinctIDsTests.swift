import Foundation
import HoneTasks
import HoneTraining
import Testing

@Suite struct DistinctIDsTests {
  private func ids(_ sources: [(String, [String])]) -> [String] {
    DistinctIDs.joined(
      sources.map { name, ids in
        DistinctIDs.Source(
          name: name, problems: ids.map { Problem(id: $0, question: "q", answer: "1") })
      }
    ).problems.map(\.id)
  }

  @Test("Ids stay as they are where none clashes")
  func unchanged() {
    #expect(ids([("a/train.jsonl", ["train-0", "train-1"])]) == ["train-0", "train-1"])
    #expect(ids([("a.jsonl", ["x"]), ("b.jsonl", ["y"])]) == ["x", "y"])
  }

  @Test("Clashing ids begin with what tells the paths apart")
  func clashes() {
    #expect(
      ids([("a/train.jsonl", ["train-0"]), ("b/train.jsonl", ["train-0", "train-1"])])
        == ["a/train-0", "b/train-0", "b/train-1"])
    #expect(
      ids([("data/easy.jsonl", ["x"]), ("data/hard.jsonl.gz", ["x"]), ("c.jsonl", ["z"])])
        == ["easy/x", "hard/x", "z"])
    // Paths of which one is the end of the other, the same file twice, and the folder above.
    #expect(ids([("./train.jsonl", ["x"]), ("d/train.jsonl", ["x"])]) == ["x", "d/x"])
    #expect(ids([("a.jsonl", ["x"]), ("a.jsonl", ["x"])]) == ["x", "2/x"])
    #expect(
      ids([("1/a/t.jsonl", ["x"]), ("2/a/t.jsonl", ["x"]), ("1/b/t.jsonl", ["x"])])
        == ["1/a/x", "2/a/x", "b/x"])
  }

  @Test("No prefixed id meets the id of another source")
  func collisions() {
    let found = ids([("a/t.jsonl", ["x"]), ("b/t.jsonl", ["x"]), ("c.jsonl", ["a/x", "b/x"])])
    #expect(Set(found).count == 4)
  }

  @Test("A stage of files of one name and of draws of one family has unique ids")
  func loader() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    var sources: [TaskSource] = []
    for name in ["a", "b"] {
      let place = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      let file = place.appendingPathComponent("train.jsonl")
      try Data("{\"question\": \"\(name)+1\", \"answer\": \"1\"}\n".utf8).write(to: file)
      sources.append(.path(file.path))
    }
    for seed in [0, 1] {
      var family = FamilySource(family: "last-digit", difficulty: 3...4)
      family.count = 5
      family.seed = seed
      sources.append(.family(family))
    }
    var notes: [String] = []
    let loader = TaskLoader(recipeFile: nil) { notes.append($0) }
    let problems = try loader.load(sources, sources: TaskSources(train: sources))
    #expect(problems.prefix(2).map(\.id) == ["a/train-000000", "b/train-000000"])
    #expect(problems[2].id == "seed-0/last-digit-000000")
    #expect(problems[7].id == "seed-1/last-digit-000000")
    #expect(Set(problems.map(\.id)).count == 12)
    #expect(notes.contains { $0.contains("ids begin with 'a/'") })
    let alone = try loader.load([sources[0]], sources: TaskSources(train: sources))
    #expect(alone.map(\.id) == ["train-000000"])
  }
}
