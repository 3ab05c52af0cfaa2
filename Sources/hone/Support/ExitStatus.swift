/// The exit codes, as scripts rely on them (sysexits numbers where they exist).
enum ExitStatus: Int32 {
  /// Everything was done.
  case fine = 0
  /// The command line makes no sense.
  case usage = 64
  /// Data that was read is malformed or damaged.
  case badData = 65
  /// A file that was named is not there.
  case missingFile = 66
  /// Refused because isolation is below the required level.
  case unsafe = 69
  /// A defect of this program.
  case internalFault = 70
  /// The run stopped itself.
  case stopped = 71
  /// Going on would overwrite something.
  case wouldOverwrite = 73
  /// Reading or writing failed.
  case inputOutput = 74
  /// The recipe is wrong.
  case badRecipe = 78
  /// Interrupted, after a checkpoint was saved.
  case interrupted = 130
  /// Terminated, after a checkpoint was saved.
  case terminated = 143
}

/// An error of the command line itself.
struct CommandError: Error, CustomStringConvertible {
  /// The exit code.
  var status: ExitStatus
  /// What, where, the value seen, the value wanted, what to do.
  var description: String
  /// Whether there is nobody to tell: the reader of our output has left.
  var isQuiet = false

  /// An error with its exit code and message.
  init(_ status: ExitStatus, _ description: String) {
    self.status = status
    self.description = description
  }
}
