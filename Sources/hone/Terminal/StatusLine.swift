/// One line on a terminal that is painted over and over; nothing at all elsewhere.
final class StatusLine {
  private let stream: OutputStream
  private let terminal: Terminal
  private var isPainted = false
  private var lastPaint: ContinuousClock.Instant?

  /// A line on standard error or standard output.
  init(_ stream: OutputStream, _ terminal: Terminal) {
    self.stream = stream
    self.terminal = terminal
  }

  /// Shows a text in place of the last one, at most ten times a second.
  func show(_ text: @autoclosure () -> String, force: Bool = false) {
    guard terminal.isTerminal else { return }
    let now = ContinuousClock.now
    if let lastPaint, !force, now - lastPaint < .milliseconds(100) { return }
    lastPaint = now
    try? stream.writeNow(CleanText(painting: text(), on: terminal))
    isPainted = true
  }

  /// Takes the line away, so that ordinary text can follow.
  func clear() {
    guard isPainted else { return }
    try? stream.writeNow(.cleared)
    isPainted = false
  }
}
