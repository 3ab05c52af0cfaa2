/// Why a tokenizer or a prompt template cannot be read, used or written.
public struct TextError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file, if one is concerned.
  public var file: String?
  /// What is wrong, what was seen, what was wanted and what to do.
  public var message: String

  /// Makes an error.
  public init(file: String? = nil, _ message: String) {
    self.file = file
    self.message = message
  }

  /// `file: message`, or the message alone.
  public var description: String { file.map { "\($0): \(message)" } ?? message }
}
