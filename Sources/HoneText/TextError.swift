import HoneJSON

/// Why a tokenizer or a prompt template cannot be read, used or written.
public struct TextError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of trouble it is.
  public enum Kind: Sendable, Hashable {
    /// What was read is not what its format promises, or not supported.
    case malformed
    /// A file is not there.
    case missingFile
    /// The system refused to read or write.
    case inputOutput
  }

  /// What kind of trouble it is.
  public var kind: Kind
  /// The file, if one is concerned.
  public var file: String?
  /// What is wrong, what was seen, what was wanted and what to do.
  public var message: String

  /// Makes an error.
  public init(file: String? = nil, _ message: String, kind: Kind = .malformed) {
    self.kind = kind
    self.file = file
    self.message = message
  }

  /// `file: message`, or the message alone.
  public var description: String { file.map { "\($0): \(message)" } ?? message }
}

extension TextError {
  /// A file that is no JSON, or cannot be read.
  package init(_ error: JSONError) {
    let kind: Kind =
      switch error.kind {
      case .malformed: .malformed
      case .missingFile: .missingFile
      case .inputOutput: .inputOutput
      }
    // Its place in the file is part of its text.
    self.init(error.description, kind: kind)
  }
}
