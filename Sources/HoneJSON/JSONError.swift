import HoneFiles

/// Why a text is not JSON, or a file cannot be read, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of trouble it is.
  public enum Kind: Sendable, Hashable {
    /// The text is not what it should be.
    case malformed
    /// The file is not there.
    case missingFile
    /// The file cannot be read, or is none.
    case inputOutput
  }

  /// What kind of trouble it is.
  public var kind: Kind
  /// The file, if the text came from one.
  public var file: String?
  /// The line, counted from 1; 0 where the file as a whole is meant.
  public var line: Int
  /// The column in Unicode scalars, counted from 1; 0 where the line as a whole is meant.
  public var column: Int
  /// What is wrong, what was seen and what was wanted.
  public var message: String

  /// Makes an error.
  public init(
    file: String? = nil, line: Int, column: Int, message: String, kind: Kind = .malformed
  ) {
    self.kind = kind
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

extension JSONError {
  /// A file that cannot be read.
  ///
  /// - Parameter wanted: What was looked for, where nothing is there.
  package init(_ fault: FileFault, wanted: String = "file", line: Int = 0) {
    let isMissing = fault.kind == .missing
    self.init(
      file: fault.path, line: line, column: 0,
      message: isMissing ? MissingPath.reason(fault.path, wanted: wanted) : fault.reason,
      kind: isMissing ? .missingFile : .inputOutput)
  }
}
