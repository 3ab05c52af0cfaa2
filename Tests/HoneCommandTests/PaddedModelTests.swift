import Foundation
import HoneJSON
import Testing

@Suite(
  "A vocabulary with more rows than the tokenizer has tokens",
  .enabled(if: HoneProcess.isBuilt, HoneProcess.absence))
struct PaddedModelTests {
  let model: TemporaryFolder

  init() throws {
    model = try TemporaryFolder()
    try TinyModel.write(to: model, rows: 320)
  }

  @Test("ids without a text are never sampled, and what was sampled scores to the same bits")
  func sampled() throws {
    let generated = try HoneProcess.run([
      "generate", model.path, "--prompt", "12 + 3", "--samples", "12", "--max-tokens", "40",
      "--temperature", "3", "--json",
    ])
    #expect(generated.status == 0)
    let rows = try generated.rows()
    let ids = rows.flatMap { $0["completion_ids"]?.array ?? [] }.compactMap(\.int)
    #expect(ids.count > 200 && ids.allSatisfy { $0 < 257 })
    let folder = try TemporaryFolder()
    let path = try folder.write(generated.output, to: "rows.jsonl")
    let scored = try HoneProcess.run([
      "score", model.path, "--input", path, "--temperature", "3",
    ])
    #expect(scored.status == 0)
    #expect(try scored.rows().map { $0["logprobs"] } == rows.map { $0["logprobs"] })
  }

  @Test("a completion with such an id has no log-probability, which is told; a prompt may hold one")
  func score() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      """
      {"id": "a", "prompt_ids": [1, 300], "completion_ids": [2, 256]}
      {"id": "b", "prompt_ids": [1], "completion_ids": [2, 300]}
      """, to: "rows.jsonl")
    let result = try HoneProcess.run(["score", model.path, "--input", path])
    #expect(result.status == 65)
    let rows = try result.rows()
    #expect(rows[0]["logprobs"]?.array?.count == 2)
    #expect(rows[1]["error"]?.string?.contains("the id 300, which no token") == true)
  }

  @Test("inspect tells rows and tokens")
  func inspect() throws {
    let result = try HoneProcess.run(["inspect", model.path])
    #expect(result.status == 0)
    #expect(result.output.contains("320 rows, 257 tokens"))
    let plain = try TemporaryFolder()
    try TinyModel.write(to: plain)
    #expect(try !HoneProcess.run(["inspect", plain.path]).output.contains("never sampled"))
  }
}
