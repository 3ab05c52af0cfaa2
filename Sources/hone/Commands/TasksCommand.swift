import ArgumentParser

struct TasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tasks", abstract: "List, make and check problems.",
    discussion: """
      Example: hone tasks make arithmetic --count 1000 --seed 7 --difficulty 3-6
      """,
    subcommands: [TasksListCommand.self, TasksMakeCommand.self, TasksCheckCommand.self])
}
