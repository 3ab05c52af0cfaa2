import Foundation
import HoneFiles
import HoneJSON

/// Reads the lines of a row file one at a time, each with what its checksum says.
package struct RowReader {
  /// A line.
  package struct Row {
    /// From 1.
    package var line: Int
    /// Where the line begins in the file.
    package var offset: Int
    /// Without the newline.
    package var bytes: [UInt8]
    /// Whether a newline ends it; only the last line may lack one.
    package var isEnded: Bool
    /// What its checksum says.
    package var finding: RowChain.Finding

    /// The row without its checksum; nil where it is damaged or no JSON object.
    package var object: JSONObject? {
      if case .damaged = finding { return nil }
      guard isEnded, var object = try? JSON.parse(bytes).object else { return nil }
      object[RowChain.key] = nil
      return object
    }
  }

  private let path: String
  private let file: Descriptor
  private var left: Int
  private var buffer: [UInt8] = []
  private var start = 0
  private var offset = 0
  private var line = 0
  /// The chain up to the last line that was handed out.
  package private(set) var chain = RowChain()

  /// Closes the file with the last reader of it.
  private final class Descriptor {
    let number: Int32
    let path: String
    init(_ number: Int32, _ path: String) { (self.number, self.path) = (number, path) }
    deinit { if number >= 0 { SystemCalls.close(number, path: path) } }
  }

  /// Opens a file.
  ///
  /// - Parameter limit: bytes to read at the most; nil reads to the end.
  package init(path: String, limit: Int? = nil) throws(TrainingError) {
    self.path = path
    // A pipe in its place is not waited for.
    file = Descriptor(SystemCalls.open(path, [.readOnly, .nonBlocking]), path)
    left = limit ?? .max
    guard file.number >= 0 else { throw Files.error(path, "cannot be opened") }
    guard try Files.sizeOfFile(path) != nil else {
      throw TrainingError(.badData, "\(path): not a plain file; wanted rows")
    }
  }

  /// The next line; nil behind the last one.
  package mutating func next() throws(TrainingError) -> Row? {
    var searched = start
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        return row(to: end, isEnded: true)
      }
      searched = buffer.count - start
      guard try refill() else { break }
    }
    return start < buffer.count ? row(to: buffer.count, isEnded: false) : nil
  }

  private mutating func row(to end: Int, isEnded: Bool) -> Row {
    let bytes = Array(buffer[start..<end])
    line += 1
    // A line without an end is being written, or torn; it is nobody's predecessor.
    let finding: RowChain.Finding = isEnded ? chain.check(bytes) : .damaged("the row has no end")
    let row = Row(line: line, offset: offset, bytes: bytes, isEnded: isEnded, finding: finding)
    let length = end - start + (isEnded ? 1 : 0)
    start += length
    offset += length
    return row
  }

  /// Reads more behind what is left; whether there was more.
  private mutating func refill() throws(TrainingError) -> Bool {
    buffer.removeFirst(start)
    start = 0
    guard left > 0 else { return false }
    let filled = buffer.count
    let wanted = min(left, 1 << 18)
    buffer.append(contentsOf: repeatElement(0, count: wanted))
    let count = buffer.withUnsafeMutableBytes {
      SystemCalls.read(
        file.number, UnsafeMutableRawBufferPointer(rebasing: $0[filled...]), path: path)
    }
    buffer.removeLast(wanted - max(0, count))
    if count < 0 { throw Files.error(path, "cannot be read") }
    left -= count
    return count > 0
  }
}
