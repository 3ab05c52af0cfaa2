import Foundation
import HoneFiles
import HoneJSON

/// A JSON Lines file of a run that rows are added to.
///
/// Every call hands its rows to the operating system before it returns, so that a killed process
/// loses none; `synchronize` waits for the disk. Values that are not finite are written as null.
public final class RowLog {
  /// The file.
  public let path: String
  /// Bytes of whole rows.
  public private(set) var length: Int
  private let descriptor: Int32

  /// Opens a file, makes it where it is missing, and cuts off what lies beyond a length.
  ///
  /// - Parameter length: Bytes to keep; nil keeps everything.
  /// - Throws: `TrainingError`: `badData` where the file is shorter than the length.
  package init(path: String, keeping length: Int?) throws(TrainingError) {
    self.path = path
    descriptor = SystemCalls.open(path, [.readWrite, .create])
    guard descriptor >= 0 else { throw Files.error(path, "cannot be opened") }
    let size = Files.size(path) ?? 0
    self.length = length ?? size
    // From here on `deinit` closes the descriptor.
    guard self.length <= size else {
      throw TrainingError(
        .badData,
        "\(path): \(self.length - size) bytes missing; it has \(size), and the checkpoint recorded "
          + "\(self.length). Restore the file, or resume from an older checkpoint")
    }
    guard SystemCalls.truncate(descriptor, to: self.length, path: path) == 0,
      lseek(descriptor, 0, SEEK_END) >= 0
    else { throw Files.error(path, "cannot be cut") }
  }

  deinit { if descriptor >= 0 { SystemCalls.close(descriptor, path: path) } }

  /// Adds rows, all or none of them.
  ///
  /// - Throws: `TrainingError` of kind `inputOutput`; the file then ends with its last whole row.
  public func append(_ rows: [JSONObject]) throws(TrainingError) {
    var bytes: [UInt8] = []
    for row in rows {
      bytes += JSON.object(row).serializedBytes()
      bytes.append(UInt8(ascii: "\n"))
    }
    do {
      try Files.write(bytes, to: descriptor, path: path)
    } catch {
      // The write's error is the one to report, even where cutting back fails as well.
      _ = SystemCalls.truncate(descriptor, to: length, path: path)
      _ = lseek(descriptor, 0, SEEK_END)
      throw error
    }
    length += bytes.count
  }

  /// Adds a row.
  public func append(_ row: JSONObject) throws(TrainingError) {
    try append([row])
  }

  /// The rows that are kept, in order; those that cannot be read are left out.
  package func rows() throws(TrainingError) -> [JSONObject] {
    let bytes = try Files.read(path).prefix(length)
    return JSONLines(bytes: Array(bytes), file: path).compactMap { _, result in
      try? result.get().object
    }
  }

  /// Waits until all rows are on the disk.
  public func synchronize() throws(TrainingError) {
    guard SystemCalls.synchronize(descriptor, path: path) == 0 else {
      throw Files.error(path, "cannot be written to the disk")
    }
  }
}
