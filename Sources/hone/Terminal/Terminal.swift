import Foundation

/// What is known of the place that text goes to.
struct Terminal: Sendable {
  /// Whether a person watches: bars and repainted lines are for terminals only.
  let isTerminal: Bool
  /// Columns; 80 where nobody knows.
  let width: Int
  /// The colours in use.
  let style: TextStyle

  /// What standard output is connected to.
  static let output = Terminal(descriptor: STDOUT_FILENO)
  /// What standard error is connected to.
  static let error = Terminal(descriptor: STDERR_FILENO)

  private init(descriptor: Int32) {
    let environment = ProcessInfo.processInfo.environment
    // A dumb terminal cannot move its cursor: it is treated as a pipe.
    isTerminal = isatty(descriptor) == 1 && environment["TERM"] != "dumb"
    let isPlain = !(environment["NO_COLOR"] ?? "").isEmpty
    style = TextStyle(isColoured: isTerminal && !isPlain)
    var size = winsize()
    if isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      width = Int(size.ws_col)
    } else {
      width = environment["COLUMNS"].flatMap { Int($0) } ?? 80
    }
  }
}

/// Colours and weights, or nothing where they are not wanted.
struct TextStyle: Sendable {
  /// Whether escape sequences are written at all.
  var isColoured: Bool

  func bold(_ text: String) -> String { wrap(text, "1") }
  func dim(_ text: String) -> String { wrap(text, "2") }
  func red(_ text: String) -> String { wrap(text, "31") }
  func green(_ text: String) -> String { wrap(text, "32") }
  func yellow(_ text: String) -> String { wrap(text, "33") }

  private func wrap(_ text: String, _ code: String) -> String {
    isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
