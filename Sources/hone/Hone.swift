import ArgumentParser

/// Hone: reasoning by reward alone, on a CPU.
@main
struct Hone: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hone", abstract: "Train reasoning policies on CPUs.",
    subcommands: [BenchCommand.self])
}
