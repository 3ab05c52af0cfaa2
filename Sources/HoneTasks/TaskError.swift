/// What is wrong with tasks that were read, or asked for.
public struct TaskError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file, if one is concerned.
  public var file: String?
  /// The line, counted from 1; nil where the file as a whole is meant.
  public var line: Int?
  /// Whether the file could not be opened or read at all, rather than holding bad data.
  public var isUnreadable: Bool
  /// What is wrong, what was seen and what was wanted.
  public var message: String

  /// Makes an error.
  public init(
    _ message: String, file: String? = nil, line: Int? = nil, isUnreadable: Bool = false
  ) {
    self.message = message
    self.file = file
    self.line = line
    self.isUnreadable = isUnreadable
  }

  /// `file:line: message`, without the parts that are not known.
  public var description: String {
    guard let file else { return line.map { "line \($0): \(message)" } ?? message }
    return line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)"
  }
}
