/// Why a text is not JSON, or a file cannot be read, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file, if the text came from one.
  public var file: String?
  /// The line, counted from 1; 0 where the file as a whole is meant.
  public var line: Int
  /// The column in Unicode scalars, counted from 1; 0 where the line as a whole is meant.
  public var column: Int
  /// What is wrong, what was seen and what was wanted.
  public var message: String

  /// Makes an error.
  public init(file: String? = nil, line: Int, column: Int, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
  }

  /// `file:line:column: message`, without the parts that are not known.
  public var description: String {
    var place = file.map { [$0] } ?? []
    if line > 0 {
      place.append(file == nil ? "line \(line)" : "\(line)")
      if column > 0 { place.append(file == nil ? "column \(column)" : "\(column)") }
    }
    let separator = file == nil ? ", " : ":"
    return place.isEmpty ? message : place.joined(separator: separator) + ": " + message
  }
}
