import Foundation
import HoneJSON
import HoneTraining
import Testing

@Suite("Only files of one's own are touched")
struct OwnFilesTests {
  let folder: TemporaryFolder
  let recipe: Recipe
  let description = RunDescription(arguments: [], seed: 0, versions: [:], machine: [:])

  init() throws {
    folder = try TemporaryFolder()
    recipe = try Recipe.parse(RecipeTests.minimal)
  }

  var path: String { folder.file("run") }

  private func create() throws -> RunFolder {
    try RunFolder.create(at: path, recipe: recipe, description: description)
  }

  /// A run with a checkpoint after step 1.
  private func begin() throws {
    let run = try create()
    try run.metrics.append(RunFolderTests.row(1))
    try RunFolderTests.save(run, step: 1)
  }

  /// Everything below a folder, links not followed, with what files hold.
  private func contents(_ path: String) throws -> [String: String] {
    var found: [String: String] = [:]
    for name in FileManager.default.enumerator(atPath: path)?.allObjects as? [String] ?? [] {
      let file = "\(path)/\(name)"
      if let target = Files.linkTarget(file) {
        found[name] = target
      } else {
        found[name] =
          Files.isFolder(file) ? "/" : String(decoding: try Files.read(file), as: UTF8.self)
      }
    }
    return found
  }

  @Test("A resume leaves everything that is not of its own names")
  func strangers() throws {
    try begin()
    let mine = [
      "notes.tmp", ".tmp-mine", ".old-mine", ".tmp-checkpoint-x", ".old-checkpoint-",
      "damaged-mine",
      "plots.tmp/figure.svg", ".tmp-plots/figure.svg", ".old-checkpoint-3b/model.safetensors",
      ".tmp-removed-all/manifest.json", "aside-1/mine", "kept-best/mine",
    ]
    for name in mine {
      if let slash = name.firstIndex(of: "/") {
        try Files.makeFolder("\(path)/\(name[..<slash])")
      }
      try folder.write("mine", to: "run/\(name)")
    }
    let before = try contents(path)
    let resumed = try RunFolder.resume(at: path)
    #expect(resumed.notes == [])
    var after = try contents(path)
    after[".lock"] = before[".lock"]
    #expect(after == before)
  }

  @Test("A name of one's own with something else behind it is put aside, and told")
  func others() throws {
    try begin()
    try Files.makeFolder("\(path)/.tmp-checkpoint-7")
    try folder.write("half", to: "run/.tmp-checkpoint-7/model.safetensors")
    try folder.write("mine", to: "run/.tmp-checkpoint-7/notes.txt")
    try Files.makeFolder("\(path)/recipe.yaml.tmp")
    try folder.write("mine", to: "run/recipe.yaml.tmp/notes.txt")
    try Files.makeFolder("\(path)/elsewhere")
    try folder.write("mine", to: "run/elsewhere/model.safetensors")
    try Files.link("\(path)/.tmp-checkpoint-8", to: "elsewhere")
    try Files.makeFolder("\(path)/best")
    try folder.write("mine", to: "run/best/notes.txt")
    let resumed = try RunFolder.resume(at: path)
    #expect(resumed.notes.count == 3, "\(resumed.notes)")
    #expect(try folder.text("run/kept-tmp-checkpoint-7/notes.txt") == "mine")
    #expect(!Files.exists("\(path)/kept-tmp-checkpoint-7/model.safetensors"))
    #expect(try folder.text("run/kept-recipe.yaml.tmp/notes.txt") == "mine")
    #expect(try folder.text("run/elsewhere/model.safetensors") == "mine")
    #expect(Files.linkTarget("\(path)/kept-tmp-checkpoint-8") == "elsewhere")
    // A person's `best` stays until a best checkpoint needs the name, and is put aside then.
    #expect(try folder.text("run/best/notes.txt") == "mine")
    try RunFolderTests.save(resumed.run, step: 2, isBest: true)
    #expect(try folder.text("run/kept-best/notes.txt") == "mine")
    #expect(Files.linkTarget("\(path)/best") == "checkpoint-2")
  }

  @Test("A file that somebody has put into a checkpoint outlives it")
  func notesInCheckpoints() throws {
    let run = try create()
    try RunFolderTests.save(run, step: 1)
    try folder.write("mine", to: "run/checkpoint-1/notes.txt")
    for step in 2...4 { try RunFolderTests.save(run, step: step) }
    #expect(try run.checkpoints.all().map(\.step) == [3, 4])
    #expect(try folder.text("run/kept-tmp-removed-1/notes.txt") == "mine")
    #expect(try Files.list("\(path)/kept-tmp-removed-1") == ["notes.txt"])
  }

  @Test("A start overwrites nothing: 73", arguments: [".lock", "run.json", "best"])
  func start(name: String) throws {
    try Files.makeFolder(path)
    try folder.write("mine, and more than a number", to: "run/\(name)")
    let error = #expect(throws: TrainingError.self) { try create() }
    #expect(error?.exitCode == 73 && error?.message.contains("\(path)/\(name)") == true)
    #expect(try contents(path) == [name: "mine, and more than a number"])
    try Files.remove("\(path)/\(name)")
    _ = try create()
  }

  @Test("A link where a file is written is replaced, not followed")
  func links() throws {
    try folder.write("mine", to: "mine")
    try Files.makeFolder(path)
    try Files.link("\(path)/run.json.tmp", to: folder.file("mine"))
    _ = try create()
    #expect(try folder.text("mine") == "mine")
  }

  @Test("A refused resume changes nothing at all, leftovers included")
  func refusal() throws {
    try begin()
    try Files.rename("\(path)/checkpoint-1", to: "\(path)/.old-checkpoint-1")
    try Files.makeFolder("\(path)/.tmp-checkpoint-2")
    try folder.write("half", to: "run/.tmp-checkpoint-2/model.safetensors")
    try folder.write("half", to: "run/recipe.yaml.tmp")
    let before = try contents(path)
    do {
      let found = try RunFolder.examine(at: path)
      #expect(found.checkpoint?.step == 1)
    }
    #expect(try contents(path) == before)
    // The same folder, asked again, is mended.
    let resumed = try RunFolder.resume(at: path)
    #expect(resumed.state?.step == 1 && Files.isFolder("\(path)/checkpoint-1"))
    #expect(!Files.exists("\(path)/.tmp-checkpoint-2") && !Files.exists("\(path)/recipe.yaml.tmp"))
  }
}
