import Foundation
import HoneJSON
import HoneNumerics
import HonePolicy
import HoneText
import HoneTraining
import Testing

@Suite("The published base, as other programs see it")
struct PublishedBaseTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("checkpoints/base").path

  @Test("what other programs read is what Hone would write; the weights have not changed")
  func files() throws {
    let temporary = try TemporaryFolder()
    let base = try LoadedModel.load(Self.folder, compute: Compute(workers: 1))
    try base.write(to: temporary.path)
    for name in [
      "tokenizer.json", "tokenizer_config.json", "generation_config.json", "chat_template.jinja",
      "config.json",
    ] {
      let published = try String(contentsOfFile: "\(Self.folder)/\(name)", encoding: .utf8)
      let written = try String(contentsOfFile: "\(temporary.path)/\(name)", encoding: .utf8)
      #expect(published == written, "\(name)")
    }
    #expect(
      try Files.checksum(Self.folder + "/model.safetensors")
        == "9b07ae8053813fcbdbb9f358219a183664b28427441fe467781f475c9e0acee1")
  }

  @Test("its tags are tokens with their old ids, and no special ones")
  func tags() throws {
    let tokenizer = try Tokenizer(contentsOf: Self.folder)
    #expect(tokenizer.specialTokens.map(\.0) == TrainingModel.specialTokens)
    let text = "<think>3*4=12</think><answer>7</answer>"
    // As the published tokenizer encoded it when its tags were special.
    let ids: [Int32] = [508, 18, 9, 19, 28, 16, 17, 509, 510, 22, 511]
    #expect(tokenizer.encode(text) == ids)
    #expect(tokenizer.decode(ids + [507], skipSpecial: true) == text)
    for (index, tag) in TrainingModel.tags.enumerated() {
      #expect(tokenizer.id(of: tag) == 508 + Int32(index))
    }
  }
}
