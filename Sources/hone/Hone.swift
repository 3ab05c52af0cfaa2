import ArgumentParser
import Foundation
import HoneTraining

/// Hone: reasoning by reward alone, on a CPU.
@main
struct Hone: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hone", abstract: "Train reasoning policies on CPUs, exactly.",
    discussion: """
      Example: hone train tasks/recipes/quickstart.yaml

      Rows and --json go to standard output, everything said to people beside them to standard \
      error. NO_COLOR is honoured; piped output has neither colour nor bars.

      Environment: HONE_NUM_THREADS sets the number of workers (it changes no result; without it \
      affinity and control-group quota decide), HONE_ISA the instruction set (portable, avx2 or avx512; bits are promised within one).

      Exit codes: 0 fine; 64 usage; 65 bad data; 66 missing file; 69 refused for safety; \
      70 internal fault; 71 the run stopped itself; 73 would overwrite; 74 input/output error, or \
      the system refused memory; \
      78 bad recipe; 130 interrupted and 143 terminated, after a checkpoint was saved.
      """,
    version: HoneVersion.current,
    subcommands: [
      DoctorCommand.self, TrainCommand.self, EvaluateCommand.self, GenerateCommand.self,
      ScoreCommand.self, TokenizeCommand.self, GradeCommand.self, TasksCommand.self,
      InspectCommand.self, BenchCommand.self,
    ])

  /// Parses the command line; an option that no verb has is the first thing to tell.
  private static func parse() throws -> any ParsableCommand {
    do {
      return try parseAsRoot()
    } catch  where exitCode(for: error) == .validationFailure {
      guard let message = UnknownOption(Array(CommandLine.arguments.dropFirst())).message else {
        throw error
      }
      throw CommandError(.usage, message)
    }
  }

  /// Parses, runs, flushes; whatever goes wrong ends in one message and one exit code.
  static func main() {
    StandardDescriptors.openClosed()
    FatalSignals.install()
    // A reader that leaves early is an error of writing like any other, not a signal.
    signal(SIGPIPE, SIG_IGN)
    var status = ExitStatus.fine
    do {
      if try VersionReport.isWanted(CommandLine.arguments) { return }
      try Machine.checkEnvironment()
      var command = try parse()
      try command.run()
    } catch {
      status = ErrorReport(error).tell()
    }
    do {
      try OutputStream.standard.flush()
    } catch  where status == .fine {
      status = ErrorReport(error).tell()
    } catch {
      // The first error is the one that matters.
    }
    // What is said to people beside machine output waits in a buffer, too; nobody is left to tell where
    // it cannot leave.
    try? OutputStream.error.flush()
    Foundation.exit(status.rawValue)
  }
}
