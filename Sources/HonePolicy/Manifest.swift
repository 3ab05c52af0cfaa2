import HoneFiles
import HoneJSON

/// The list of a checkpoint's files with their sizes and checksums: `manifest.json`.
public struct Manifest: Sendable, Hashable {
  /// One file.
  public struct File: Sendable, Hashable {
    /// The name in the checkpoint's folder.
    public var name: String
    /// Bytes.
    public var size: Int
    /// SHA-256, 64 lower-case hexadecimal digits.
    public var sha256: String

    /// A file's entry.
    package init(name: String, size: Int, sha256: String) {
      self.name = name
      self.size = size
      self.sha256 = sha256
    }
  }

  /// The name of the manifest itself, which it does not list.
  public static let fileName: String = "manifest.json"
  /// The version of the format that is written.
  static let version = 1

  /// The files, by name; at least one.
  public var files: [File]

  /// A manifest of some files.
  package init(files: [File]) { self.files = files }

  // MARK: - JSON

  private var filesJSON: JSON {
    .array(
      files.map { file in
        .object(
          JSONObject([
            ("name", .string(file.name)), ("size", .integer(file.size)),
            ("sha256", .string(file.sha256)),
          ]))
      })
  }

  /// The manifest as JSON; a checksum of the list of files guards the manifest itself.
  package var json: JSON {
    .object(
      JSONObject([
        ("version", .integer(Self.version)),
        ("files", filesJSON),
        ("checksum", .string(SHA256.checksum(filesJSON.serializedBytes()))),
      ]))
  }

  /// Reads the manifest of a folder.
  ///
  /// - Throws: `PolicyError` of kind `badData` where it is damaged, missing, or no file.
  package static func read(folder: String) throws(PolicyError) -> Manifest {
    let path = "\(folder)/\(fileName)"
    let bytes: [UInt8]
    do {
      bytes = try InputFile.contents(path, limit: JSON.maximumFileBytes)
    } catch {
      if error.kind == .missing {
        throw PolicyError(.badData, "\(path): missing; the folder is not a whole checkpoint")
      }
      guard error.kind == .refused else { throw PolicyError(error) }
      throw PolicyError(.badData, "\(error): the manifest is damaged")
    }
    do {
      return try Manifest(json: JSON.parse(bytes, file: path), path: path)
    } catch let error as JSONError {
      throw PolicyError(.badData, "\(error): the manifest is damaged")
    } catch let error as PolicyError {
      throw error
    } catch {
      throw PolicyError(.badData, "\(path): \(error)")
    }
  }

  /// Reads a manifest; whatever it could not have been written as is damage.
  package init(json: JSON, path: String) throws(PolicyError) {
    func damaged(_ what: String) -> PolicyError {
      PolicyError(.badData, "\(path): \(what); it is damaged")
    }
    guard let version = json["version"]?.int, let rows = json["files"]?.array,
      let checksum = json["checksum"]?.string
    else { throw damaged("wanted: version, files and checksum") }
    guard version == Self.version else {
      throw PolicyError(
        .badData, "\(path): version \(version); this program reads version \(Self.version)")
    }
    files = []
    var names: Set<String> = []
    for row in rows {
      guard let name = row["name"]?.string, let size = row["size"]?.int,
        let sha256 = row["sha256"]?.string
      else { throw damaged("a file without name, size or checksum") }
      guard PlainName.isPlain(name), name != Self.fileName else {
        throw damaged("the file '\(name)' is not one of a checkpoint's folder")
      }
      guard names.insert(name).inserted else { throw damaged("the file '\(name)' is there twice") }
      guard size >= 0 else { throw damaged("the file '\(name)' has \(size) bytes") }
      files.append(File(name: name, size: size, sha256: sha256))
    }
    guard SHA256.checksum(filesJSON.serializedBytes()) == checksum else {
      throw damaged("its own checksum does not fit")
    }
    guard !files.isEmpty else { throw damaged("it lists no files, and a checkpoint has some") }
  }

  // MARK: - Checking

  /// What was advised where a file differs.
  private static let advice = "Restore the file, or take an older checkpoint"

  /// Compares a file's size.
  ///
  /// - Throws: `PolicyError` of kind `badData` naming the file, what it has and what it should have.
  package func checkSize(_ file: File, in folder: String) throws(PolicyError) {
    let path = "\(folder)/\(file.name)"
    guard SystemCalls.exists(path) else {
      throw PolicyError(
        .badData, "\(path): missing; the manifest lists \(file.size) bytes. \(Self.advice)")
    }
    let size: Int
    do {
      size = try InputFile(path).size ?? 0
    } catch {
      guard error.kind != .system else { throw PolicyError(error) }
      throw PolicyError(.badData, "\(error); the manifest lists \(file.size) bytes")
    }
    guard size != file.size else { return }
    let difference = max(size, file.size) - min(size, file.size)
    throw PolicyError(
      .badData,
      "\(path): \(difference) bytes \(size < file.size ? "missing" : "too many"); it has \(size), the manifest says \(file.size). \(Self.advice)"
    )
  }

  /// Compares a file's checksum.
  ///
  /// - Throws: `PolicyError` of kind `badData` naming the file and both checksums.
  package func checkSum(_ file: File, in folder: String) throws(PolicyError) {
    let path = "\(folder)/\(file.name)"
    guard let sha256 = SHA256.checksum(ofFile: path) else {
      throw PolicyError(FileFault(path, "cannot be read"))
    }
    guard sha256 != file.sha256 else { return }
    throw PolicyError(
      .badData,
      "\(path): damaged: its SHA-256 is \(sha256.prefix(12))..., the manifest says \(file.sha256.prefix(12)).... \(Self.advice)"
    )
  }
}
