import Foundation
import Testing

/// A command on a terminal of so many columns, as a person sees it.
enum PseudoTerminal {
  /// Runs the command with both outputs on the terminal.
  ///
  /// - Returns: The lines that stay: without colours, and without lines that were painted over.
  static func lines(
    _ arguments: [String], columns: Int, environment: [String: String] = [:]
  ) throws -> [String] {
    shown(try text(arguments, columns: columns, environment: environment))
  }

  /// Runs the command with both outputs on the terminal.
  ///
  /// - Returns: All that the terminal got.
  static func text(
    _ arguments: [String], columns: Int, environment: [String: String] = [:]
  ) throws -> String {
    let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    try #require(master >= 0)
    var unlock: Int32 = 0
    var number: UInt32 = 0
    var size = winsize(ws_row: 24, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    // TIOCSPTLCK, TIOCGPTN: what unlockpt and ptsname do.
    try #require(ioctl(master, 0x4004_5431, &unlock) == 0)
    try #require(ioctl(master, 0x8004_5430, &number) == 0)
    try #require(ioctl(master, UInt(TIOCSWINSZ), &size) == 0)
    let slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
    try #require(slave >= 0)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(HoneProcess.binary))
    process.arguments = arguments
    process.environment = ["PATH": "/usr/bin:/bin", "TERM": "xterm"].merging(environment) { $1 }
    let terminal = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = terminal
    process.standardError = terminal
    try process.run()
    close(slave)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      // The last process that writes to the terminal ends; then reading fails.
      let count = read(master, &buffer, buffer.count)
      if count <= 0 { break }
      bytes += buffer.prefix(count)
    }
    close(master)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func shown(_ text: String) -> [String] {
    text.replacingOccurrences(of: "\r\n", with: "\n").split(
      separator: "\n", omittingEmptySubsequences: false
    ).map { line in
      var line = String(line)
      if let painted = line.range(of: "\r\u{1B}[K", options: .backwards) {
        line = String(line[painted.upperBound...])
      }
      return line.replacingOccurrences(
        of: "\u{1B}\\[[0-9;]*m", with: "", options: .regularExpression)
    }
  }
}
