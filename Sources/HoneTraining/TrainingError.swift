/// An error of a training run, in words for the person who started it.
///
/// The message says what went wrong, where (`file:line:column` where there is one), the value seen,
/// the value wanted and what to do. `kind` decides the exit code of the command line.
public struct TrainingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What sort of error this is; each maps to one exit code.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The command line makes no sense.
    case usage
    /// Data that was read is malformed or damaged.
    case badData
    /// A file that was named is not there.
    case missingFile
    /// Refused because isolation is below the required level.
    case unsafe
    /// A defect of this program.
    case internalFault
    /// The run stopped itself: a value that is not finite, or too many unscored samples.
    case stopped
    /// Going on would overwrite or disturb another run.
    case wouldOverwrite
    /// Reading or writing failed; a full disk, for instance.
    case inputOutput
    /// The recipe is wrong.
    case badRecipe
    /// The user interrupted the run; a checkpoint was saved.
    case interrupted
    /// The run was asked to terminate; a checkpoint was saved.
    case terminated

    /// The exit code of the command line for this kind (sysexits numbers where they exist).
    public var exitCode: Int32 {
      switch self {
      case .usage: 64
      case .badData: 65
      case .missingFile: 66
      case .unsafe: 69
      case .internalFault: 70
      case .stopped: 71
      case .wouldOverwrite: 73
      case .inputOutput: 74
      case .badRecipe: 78
      case .interrupted: 130
      case .terminated: 143
      }
    }
  }

  /// What sort of error this is.
  public var kind: Kind
  /// The explanation, one or more lines without a trailing newline.
  public var message: String

  /// Creates an error from its kind and its explanation.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  /// The explanation.
  public var description: String { message }

  /// The exit code of the command line for this error.
  public var exitCode: Int32 { kind.exitCode }
}
