import HoneJSON

/// What a row file holds, and which of its rows are not as they were written.
public struct RowInspection: Sendable {
  /// Whole rows.
  public private(set) var rows = 0
  /// Rows of older versions, which have no checksum.
  public private(set) var unguarded = 0
  /// Bytes of the file.
  public private(set) var size = 0
  /// Whether the last row has no end: of a killed run, which resuming mends, or one that is being written.
  public private(set) var isTorn = false
  /// What is damaged, `file:line: what`.
  public private(set) var damage: [String] = []

  /// Reads a file and checks every row.
  ///
  /// - Parameters:
  ///   - recorded: the bytes that a checkpoint recorded; rows behind them may be torn.
  ///   - checksum: the last of those rows' checksum as the checkpoint recorded it.
  /// - Throws: `TrainingError` where the file cannot be read.
  public init(path: String, recorded: Int = 0, checksum: String? = nil) throws(TrainingError) {
    var reader = try RowReader(path: path)
    var ends: String? = recorded == 0 ? RowChain().checksum : nil
    while let row = try reader.next() {
      size = row.offset + row.bytes.count + (row.isEnded ? 1 : 0)
      guard row.isEnded else {
        isTorn = true
        if row.offset < recorded { damage.append("\(path):\(row.line): the row has no end") }
        continue
      }
      if row.bytes.isEmpty {
        damage.append("\(path):\(row.line): an empty line; wanted a row")
        continue
      }
      switch row.finding {
      case .damaged(let what): damage.append("\(path):\(row.line): \(what)")
      case .intact: rows += 1
      case .unguarded:
        unguarded += 1
        rows += 1
      }
      if row.object == nil, case .unguarded = row.finding {
        damage.append("\(path):\(row.line): not a JSON object")
        rows -= 1
      }
      if size == recorded { ends = reader.chain.checksum }
    }
    if size < recorded {
      damage.append(
        "\(path): \(recorded - size) bytes missing; it has \(size), a checkpoint recorded \(recorded)"
      )
    } else if let checksum, damage.isEmpty, ends != checksum {
      damage.append(
        "\(path): its rows are not those that a checkpoint recorded: crc32 \(ends ?? "of no row") after \(recorded) bytes, wanted \(checksum)"
      )
    }
  }
}
