import Foundation
import HoneJSON
import HoneNumerics
import HonePolicy
import HoneText

/// A small whole model folder in a folder of its own, removed with its owner.
final class TemporaryModel {
  /// The folder.
  let path = NSTemporaryDirectory() + "hone-model-\(UUID().uuidString)"
  /// What was written into it.
  let model: LoadedModel

  init() throws {
    let tokenizer = Tokenizer.train(
      texts: ["1 + 1 = 2"], vocabularySize: 258, specialTokens: ["<|end|>"])
    let policy = Policy(
      configuration: PolicyConfiguration(
        vocabularySize: tokenizer.vocabularySize, hiddenSize: 32, intermediateSize: 48, layers: 2,
        heads: 2, keyValueHeads: 1, headSize: 16, maximumPositions: 64, endTokens: [0]),
      seed: 1, compute: Compute(workers: 1))
    model = LoadedModel(policy: policy, tokenizer: tokenizer, template: .tiny)
    try model.write(to: path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: file(name))))
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
  }

  func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

  /// Changes config.json; nil removes a key.
  func configure(_ changes: [(String, JSON?)], in name: String = "config.json") throws {
    var fields = JSONObject()
    if FileManager.default.fileExists(atPath: file(name)) {
      fields = try JSON.parse(contentsOf: file(name)).object ?? fields
    }
    for (key, value) in changes { fields[key] = value }
    try write(JSON.object(fields).serialized(), to: name)
  }

  func load(verifies: Bool = true) throws(PolicyError) -> LoadedModel {
    try LoadedModel.load(path, compute: Compute(workers: 1), verifies: verifies)
  }

  /// The error of loading.
  func failure(verifies: Bool = true) -> PolicyError? {
    do throws(PolicyError) {
      _ = try load(verifies: verifies)
      return nil
    } catch {
      return error
    }
  }
}
