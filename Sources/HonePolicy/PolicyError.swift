import HoneFiles
import HoneJSON
import HoneText

/// Something in a model folder, or asked of a policy, that cannot be used as it is.
public struct PolicyError: Error, Sendable, CustomStringConvertible {
  /// What kind of trouble: decides a command's exit code.
  public enum Kind: Sendable {
    /// A file is not there.
    case missingFile
    /// A file's content is not what its format promises.
    case badData
    /// The system refused to read or write.
    case inputOutput
    /// The request does not fit the policy.
    case usage
  }

  /// What kind of trouble it is.
  public var kind: Kind
  /// What, where, the value seen, the value wanted, what to do.
  public var description: String

  /// An error with its message.
  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}

extension PolicyError {
  /// A file that cannot be read.
  init(_ fault: FileFault) {
    self.init(
      fault.kind == .missing ? .missingFile : .inputOutput,
      "\(fault.path): \(fault.kind == .missing ? "no such file" : fault.reason)")
  }

  /// A file that is no JSON, or cannot be read.
  init(_ error: JSONError) {
    let kind: Kind =
      switch error.kind {
      case .malformed: .badData
      case .missingFile: .missingFile
      case .inputOutput: .inputOutput
      }
    self.init(kind, error.description)
  }

  /// A tokenizer or a template that cannot be used.
  init(_ error: TextError) {
    let kind: Kind =
      switch error.kind {
      case .malformed: .badData
      case .missingFile: .missingFile
      case .inputOutput: .inputOutput
      }
    self.init(kind, error.description)
  }
}
