import Foundation
import HoneFiles
import HoneJSON

/// A JSON Lines file of a run that rows are added to.
///
/// Every call hands its rows to the operating system before it returns, so that a killed process
/// loses none; `synchronize` waits for the disk. Values that are not finite are written as null. Every
/// row ends with a checksum (``RowChain``).
public final class RowLog {
  /// The file.
  public let path: String
  /// Bytes of whole rows.
  public private(set) var length: Int
  /// The checksums up to the last row.
  package private(set) var chain: RowChain
  private let descriptor: Int32
  private var identity: FileIdentity?
  private let folder: FileIdentity?

  /// Opens a file, makes it where it is missing, and cuts off what lies beyond a length.
  ///
  /// - Parameters:
  ///   - length: Bytes to keep, which end with a row.
  ///   - chain: The checksums of those rows.
  ///   - folder: The folder that it must stay in.
  init(
    path: String, keeping length: Int, chain: RowChain, in folder: FileIdentity? = nil
  ) throws(TrainingError) {
    self.path = path
    self.length = length
    self.chain = chain
    self.folder = folder
    descriptor = SystemCalls.open(path, [.readWrite, .create, .append])
    guard descriptor >= 0 else { throw Files.error(path, "cannot be opened") }
    // From here on `deinit` closes the descriptor.
    identity = try FileIdentity(path: path, descriptor: descriptor)
    if Files.size(path) != length {
      guard SystemCalls.truncate(descriptor, to: length, path: path) == 0 else {
        throw Files.error(path, "cannot be cut")
      }
    }
  }

  /// A file whose rows are read alone; it need not be there.
  init(reading path: String, keeping length: Int, chain: RowChain) {
    self.path = path
    self.length = length
    self.chain = chain
    folder = nil
    descriptor = -1
  }

  deinit { if descriptor >= 0 { SystemCalls.close(descriptor, path: path) } }

  /// Adds rows, all or none of them.
  ///
  /// - Throws: `TrainingError` of kind `inputOutput`; the file then ends with its last whole row.
  public func append(_ rows: [JSONObject]) throws(TrainingError) {
    precondition(descriptor >= 0, "\(path): opened to be read")
    try folder?.require()
    try identity?.require()
    var next = chain
    let bytes = rows.flatMap { next.seal(JSON.object($0).serializedBytes()) }
    do {
      try Files.write(bytes, to: descriptor, path: path)
    } catch {
      // The write's error is the one to report, even where cutting back fails as well.
      _ = SystemCalls.truncate(descriptor, to: length, path: path)
      throw error
    }
    length += bytes.count
    chain = next
  }

  /// Adds a row.
  public func append(_ row: JSONObject) throws(TrainingError) {
    try append([row])
  }

  /// The rows that are kept, in order, without their checksums; those that are damaged are left out.
  package func rows() throws(TrainingError) -> [JSONObject] {
    try folder?.require()
    if descriptor < 0, try !Files.has(path) { return [] }
    var reader = try RowReader(path: path, limit: length)
    var rows: [JSONObject] = []
    while let row = try reader.next() {
      if let object = row.object { rows.append(object) }
    }
    return rows
  }

  /// Waits until all rows are on the disk.
  public func synchronize() throws(TrainingError) {
    guard SystemCalls.synchronize(descriptor, path: path) == 0 else {
      throw Files.error(path, "cannot be written to the disk")
    }
  }
}
