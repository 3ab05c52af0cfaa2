import HoneJSON
import Testing

@Suite("Misspelt options", .enabled(if: HoneProcess.isBuilt, HoneProcess.absence))
struct UnknownOptionTests {
  /// Every verb with the long names of its options, as the command itself describes them.
  static func verbs() throws -> [(words: [String], options: [String])] {
    let dump = try HoneProcess.run(["--experimental-dump-help"]).output
    var found: [(words: [String], options: [String])] = []
    func visit(_ command: JSON, _ words: [String]) throws {
      let subcommands = command["subcommands"]?.array ?? []
      for next in subcommands where next["commandName"]?.string != "help" {
        try visit(next, words + [try #require(next["commandName"]?.string)])
      }
      let names = (command["arguments"]?.array ?? []).flatMap { argument -> [String] in
        guard argument["kind"]?.string != "positional" else { return [] }
        return (argument["names"]?.array ?? []).compactMap {
          $0["kind"]?.string == "long" ? $0["name"]?.string : nil
        }
      }
      if !words.isEmpty { found.append((words, names)) }
    }
    try visit(try #require(try JSON.parse(dump)["command"]), [])
    return found
  }

  /// Another second letter: the shortest slip that leaves the length.
  static func misspelt(_ name: String) -> String {
    var letters = Array(name)
    letters[1] = letters[1] == "x" ? "q" : "x"
    return String(letters)
  }

  @Test("every option of every verb, one letter wrong, with a value, is 64 and finds the right one")
  func everyOption() throws {
    let verbs = try Self.verbs()
    #expect(verbs.count >= 12)
    for (words, options) in verbs {
      for name in options where name.count > 1 {
        for arguments in [["--\(Self.misspelt(name))", "1"], ["--\(Self.misspelt(name))=1"]] {
          let result = try HoneProcess.run(words + ["a"] + arguments)
          #expect(result.status == 64, "\(words) \(arguments): \(result.error)")
          #expect(
            result.error.contains("unknown option --\(Self.misspelt(name))")
              && result.error.contains("did you mean --\(name)?"),
            "\(words) \(arguments): \(result.error)")
          #expect(result.output == "", "\(words) \(arguments)")
        }
      }
    }
  }

  @Test(
    "what people write",
    arguments: [
      ("train r.yaml --ouput x", "unknown option --ouput of 'hone train'; did you mean --output?"),
      ("train r.yaml --dryrun", "did you mean --dry-run?"),
      ("train r.yaml --sett steps=3", "did you mean --set?"),
      ("train r.yaml --learning-rate 1e-5", "given with --set KEY=VALUE"),
      ("evaluate m --taks f", "did you mean --tasks?"),
      ("tasks make arithmetic --cout 3", "did you mean --count?"),
      ("bench --stesp 3", "did you mean --steps?"),
      ("doctor --quiet", "of 'hone doctor'; known: --json, --version, --help"),
      ("--verison", "of 'hone'; did you mean --version?"),
      ("trian r.yaml", "there is no 'hone trian'; did you mean 'hone train'?"),
      ("tasks lst", "there is no 'hone tasks lst'; did you mean 'hone tasks list'?"),
      ("fly", "there is no 'hone fly'; there are: doctor, train"),
    ])
  func examples(_ line: String, _ wanted: String) throws {
    let result = try HoneProcess.run(line.split(separator: " ").map(String.init))
    #expect(result.status == 64)
    #expect(result.error.contains(wanted), "\(result.error)")
  }

  @Test("what is no option is left to the parser")
  func others() throws {
    for (line, wanted) in [
      ("train a.yaml b.yaml", "one recipe at a time"),
      ("score m --input x --temperature -1", "temperature"),
      ("train r.yaml --set", "Missing value for '--set"),
      ("score m -- --ouput", "--input"),
    ] {
      let result = try HoneProcess.run(line.split(separator: " ").map(String.init))
      #expect(result.status == 64)
      #expect(result.error.contains(wanted), "\(result.error)")
      #expect(!result.error.contains("unknown option"), "\(result.error)")
    }
  }
}
