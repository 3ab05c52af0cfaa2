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
  }

  /// The name of the manifest itself, which it does not list.
  public static let fileName: String = "manifest.json"
  /// The version of the format that is written.
  static let version = 1

  /// The files, by name.
  public var files: [File]

  /// Lists the files of a folder.
  ///
  /// - Throws: `TrainingError` where one cannot be read, or where the folder holds a folder.
  package static func make(folder: String) throws(TrainingError) -> Manifest {
    var files: [File] = []
    for name in try Files.list(folder) where name != fileName {
      let path = "\(folder)/\(name)"
      guard let size = Files.size(path) else {
        throw TrainingError(.internalFault, "\(path): a checkpoint holds plain files only")
      }
      files.append(File(name: name, size: size, sha256: try Files.checksum(path)))
    }
    return Manifest(files: files)
  }

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
  /// - Throws: `TrainingError` of kind `badData` where it is damaged or missing.
  package static func read(folder: String) throws(TrainingError) -> Manifest {
    let path = "\(folder)/\(fileName)"
    guard Files.exists(path) else {
      throw TrainingError(
        .badData, "\(path): missing; the folder is not a whole checkpoint")
    }
    let json: JSON
    do {
      json = try JSON.parse(try Files.read(path), file: path)
    } catch let error as JSONError {
      throw TrainingError(.badData, "\(error): the manifest is damaged")
    } catch let error as TrainingError {
      throw error
    } catch {
      throw TrainingError(.badData, "\(path): \(error)")
    }
    guard let version = json["version"]?.int, let rows = json["files"]?.array,
      let checksum = json["checksum"]?.string
    else {
      throw TrainingError(.badData, "\(path): wanted: version, files and checksum; it is damaged")
    }
    guard version == Self.version else {
      throw TrainingError(
        .badData, "\(path): version \(version); this program reads version \(Self.version)")
    }
    var files: [File] = []
    for row in rows {
      guard let name = row["name"]?.string, let size = row["size"]?.int,
        let sha256 = row["sha256"]?.string, !name.contains("/"), name != ".."
      else { throw TrainingError(.badData, "\(path): a file without name, size or checksum") }
      files.append(File(name: name, size: size, sha256: sha256))
    }
    let manifest = Manifest(files: files)
    guard SHA256.checksum(manifest.filesJSON.serializedBytes()) == checksum else {
      throw TrainingError(.badData, "\(path): its own checksum does not fit; it is damaged")
    }
    return manifest
  }
}
