import HonePolicy

extension Manifest {
  /// Lists the files of a folder.
  ///
  /// - Throws: `TrainingError` where one cannot be read, or where the folder holds a folder.
  package static func make(folder: String) throws(TrainingError) -> Manifest {
    var files: [File] = []
    for name in try Files.list(folder) where name != fileName {
      let path = "\(folder)/\(name)"
      guard let size = try Files.sizeOfFile(path) else {
        throw TrainingError(.internalFault, "\(path): a checkpoint holds plain files only")
      }
      files.append(File(name: name, size: size, sha256: try Files.checksum(path)))
    }
    return Manifest(files: files)
  }
}

extension TrainingError {
  /// An error of a model folder, with the same kind and text.
  init(_ error: PolicyError) {
    let kind: Kind =
      switch error.kind {
      case .missingFile: .missingFile
      case .badData: .badData
      case .inputOutput: .inputOutput
      case .usage: .usage
      }
    self.init(kind, error.description)
  }
}
