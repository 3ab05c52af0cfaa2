import Foundation

/// What is known of the place that text goes to.
package struct Terminal: Sendable {
  /// Whether a person watches: bars and repainted lines are for terminals only.
  let isTerminal: Bool
  /// Columns; 80 where nobody knows.
  let width: Int
  /// The colours in use.
  let style: TextStyle
  /// Whether the locale's characters are those of Unicode; boxes and bars are in ASCII otherwise.
  let isUnicode: Bool

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
    isUnicode = Self.isUnicode(environment)
    var size = winsize()
    if isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      width = Int(size.ws_col)
    } else {
      width = environment["COLUMNS"].flatMap { Int($0) } ?? 80
    }
  }

  /// Whether a locale has all characters: one that names UTF-8, or none at all, as in containers,
  /// whose terminals are no older for it.
  package static func isUnicode(_ environment: [String: String]) -> Bool {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }
    guard let locale = names.first(where: { !$0.isEmpty })?.lowercased() else { return true }
    return locale.contains("utf-8") || locale.contains("utf8")
  }

  /// A text as it is shown here: on a terminal, in lines that fit, with the characters that it has.
  ///
  /// - Parameter indent: Columns before every line but the first.
  func fitted(_ text: String, indent: Int = 0) -> String {
    guard isTerminal else { return text }
    let lines = text.wrapped(to: width, indent: indent).joined(separator: "\n")
    return isUnicode ? lines : lines.withASCIIGlyphs
  }
}

/// Colours and weights, or nothing where they are not wanted.
struct TextStyle: Sendable {
  /// Whether escape sequences are written at all.
  var isColoured: Bool

  func bold(_ text: StyledText) -> StyledText { wrap(text, "1") }
  func dim(_ text: StyledText) -> StyledText { wrap(text, "2") }
  func dim(_ text: String) -> StyledText { dim(StyledText(text)) }
  func red(_ text: StyledText) -> StyledText { wrap(text, "31") }
  func green(_ text: StyledText) -> StyledText { wrap(text, "32") }
  func yellow(_ text: StyledText) -> StyledText { wrap(text, "33") }

  private func wrap(_ text: StyledText, _ code: String) -> StyledText {
    isColoured ? StyledText(text, code: code) : text
  }
}
