import Foundation
import Testing
import hone

@Suite("Narrow terminals", .enabled(if: HoneProcess.isBuilt, HoneProcess.absence))
struct NarrowTerminalTests {
  /// No line is wider than the terminal, which would break it inside a word.
  private func expectFit(_ lines: [String], _ columns: Int, _ what: String) {
    for line in lines {
      #expect(line.columns <= columns, "\(what) at \(columns): \(line)")
    }
  }

  @Test("help of every verb fits", arguments: UsageTests.verbs)
  func help(verb: [String]) throws {
    for columns in [80, 60, 40] {
      let lines = try PseudoTerminal.lines(verb + ["--help"], columns: columns)
      #expect(lines.joined(separator: "\n").contains("USAGE"))
      expectFit(lines, columns, "help of \(verb)")
    }
  }

  @Test("training, measuring and looking fit", arguments: [80, 60, 40])
  func verbs(columns: Int) throws {
    let folder = try TemporaryFolder()
    try TinyModel.write(to: folder)
    let rows = (1...12).map { #"{"id":"p\#($0)","question":"\#($0)+1","answer":"\#($0 + 1)"}"# }
    let tasks = try folder.write(rows.joined(separator: "\n"), to: "tasks.jsonl")
    let recipe = try folder.write(
      """
      model: \(folder.path)
      stages:
        - kind: grpo
          tasks: {train: \(tasks), eval: \(tasks)}
          prompts_per_step: 2
          group_size: 2
          on_no_signal: note
          sampling: {max_completion_length: 8}
          evaluation: {max_completion_length: 8}
          steps: 2
          checkpoint_every: 1
      """, to: "recipe.yaml")
    for arguments in [
      ["train", recipe, "--output", folder.file("run")],
      ["evaluate", folder.path, "--tasks", tasks, "--samples", "2", "--max-tokens", "8"],
      ["inspect", folder.path], ["inspect", folder.file("run")], ["doctor"], ["tasks", "list"],
      ["tasks", "check", tasks], ["evaluate", "nowhere", "--tasks", tasks],
    ] {
      let lines = try PseudoTerminal.lines(arguments, columns: columns)
      #expect(lines.joined().count > 40, "\(arguments)")
      // The name of the test's own folder is one word, longer than the narrowest terminal.
      expectFit(lines.filter { !$0.contains("hone-command-") }, columns, "\(arguments)")
    }
  }

  @Test("a locale without UTF-8 gets boxes and bars in ASCII")
  func ascii() throws {
    let folder = try TemporaryFolder()
    try TinyModel.write(to: folder)
    let tasks = try folder.write(#"{"question":"1+1","answer":"2"}"#, to: "tasks.jsonl")
    let recipe = try folder.write(
      """
      model: \(folder.path)
      stages:
        - kind: grpo
          tasks: {train: \(tasks)}
          prompts_per_step: 1
          group_size: 2
          on_no_signal: note
          sampling: {max_completion_length: 4}
          steps: 2
      """, to: "recipe.yaml")
    let lines = try PseudoTerminal.lines(
      ["train", recipe, "--output", folder.file("run")], columns: 80, environment: ["LANG": "C"])
    #expect(lines.contains { $0.hasPrefix("+- hone train: recipe, stage 1") })
    let boxes = Set("╭╮╰╯─│█░▁▂▃▄▅▆▇✓✗→·…")
    #expect(lines.allSatisfy { boxes.isDisjoint(with: $0) })
    let whole = try PseudoTerminal.lines(
      ["train", recipe, "--output", folder.file("again")], columns: 80,
      environment: ["LANG": "C.UTF-8"])
    #expect(whole.contains { $0.hasPrefix("╭─ hone train: recipe, stage 1") })
  }
}
