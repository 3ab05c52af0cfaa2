import HoneFiles
import HoneJSON

/// The weight files of a model folder: one, or the shards that an index names.
struct WeightFiles {
  private let readers: [SafetensorsReader]
  private let owners: [String: Int]
  /// What they are, for messages.
  let description: String

  /// The names in a folder.
  static let single = "model.safetensors"
  static let index = "model.safetensors.index.json"

  /// Opens them and reads their headers.
  init(folder: ModelFolder) throws(PolicyError) {
    if SystemCalls.exists(folder.file(Self.single)) {
      self.init(
        [try SafetensorsReader(path: folder.file(Self.single))], description: Self.single)
      return
    }
    guard SystemCalls.exists(folder.file(Self.index)) else {
      throw PolicyError(
        .missingFile, "\(folder.path): neither \(Self.single) nor \(Self.index) is there")
    }
    let shards = try Self.shards(folder)
    var readers: [SafetensorsReader] = []
    for (name, tensors) in shards {
      guard SystemCalls.exists(folder.file(name)) else {
        throw PolicyError(
          .missingFile,
          "\(folder.file(name)): shard is missing; \(Self.index) keeps \(tensors) tensors in it. Fetch it again"
        )
      }
      readers.append(try SafetensorsReader(path: folder.file(name)))
    }
    self.init(readers, description: "\(shards.count) shards")
  }

  private init(_ readers: [SafetensorsReader], description: String) {
    self.readers = readers
    self.description = description
    var owners: [String: Int] = [:]
    for (index, reader) in readers.enumerated() {
      for name in reader.names where owners[name] == nil { owners[name] = index }
    }
    self.owners = owners
  }

  /// The tensors' names.
  var names: some Collection<String> { owners.keys }

  /// The file that holds a tensor.
  func reader(of name: String) -> SafetensorsReader? { owners[name].map { readers[$0] } }

  /// The names of the files that a folder's weights lie in, the index included.
  static func fileNames(_ folder: ModelFolder) throws(PolicyError) -> [String] {
    if SystemCalls.exists(folder.file(single)) { return [single] }
    guard SystemCalls.exists(folder.file(index)) else { return [] }
    return try [index] + shards(folder).map(\.name)
  }

  /// The shards that the index names, with the number of tensors in each.
  ///
  /// The names are a file's content, which anyone may have written: they are names within the folder.
  private static func shards(
    _ folder: ModelFolder
  ) throws(PolicyError) -> [(name: String, tensors: Int)] {
    let path = folder.file(index)
    guard let map = try folder.parse(index)["weight_map"]?.object else {
      throw PolicyError(.badData, "\(path): no 'weight_map' object")
    }
    var counts: [String: Int] = [:]
    for (tensor, shard) in map.pairs {
      guard let name = shard.string else {
        throw PolicyError(
          .badData, "\(path): the shard of '\(tensor)' is \(shard.kindDescription), wanted a name")
      }
      guard PlainName.isPlain(name) else {
        throw PolicyError(
          .badData,
          "\(path): the shard '\(name)' of '\(tensor)' is not the name of a file in this folder. Such an index is not to be trusted"
        )
      }
      counts[name, default: 0] += 1
    }
    guard !counts.isEmpty else {
      throw PolicyError(.badData, "\(path): 'weight_map' is empty; wanted the shard of each tensor")
    }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

/// Names of files that come out of a file's content.
package enum PlainName {
  /// Whether a text is the name of something in a folder, and leads nowhere else.
  package static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".."
      && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
  }
}
