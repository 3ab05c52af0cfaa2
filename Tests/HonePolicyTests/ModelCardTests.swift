import Foundation
import HoneJSON
import HoneNumerics
import HonePolicy
import HoneText
import Testing

@Suite("What a model folder says to other programs")
struct ModelCardTests {
  private func written(
    beginToken: Int32? = nil, _ change: (inout LoadedModel) -> Void = { _ in }
  ) throws -> (String, String, String?) {
    let folder = NSTemporaryDirectory() + "hone-card-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let tokenizer = Tokenizer.train(
      texts: ["ab"], vocabularySize: 257, specialTokens: ["<|end|>"])
    let configuration = PolicyConfiguration(
      architecture: .llama, vocabularySize: 1257, hiddenSize: 8, intermediateSize: 8, layers: 1,
      heads: 1, beginToken: beginToken, endTokens: [256])
    var model = LoadedModel(
      policy: Policy(configuration: configuration, seed: 1, compute: Compute(workers: 1)),
      tokenizer: tokenizer)
    model.tokenizer.configuration["chat_template"] = "{{ messages }}"
    change(&model)
    try model.write(to: folder)
    func read(_ name: String) -> String? {
      try? String(contentsOfFile: folder + name, encoding: .utf8)
    }
    let configured = try #require(read("/tokenizer_config.json"))
    #expect(configured.contains("chat_template") == (model.template == nil))
    return (
      try #require(read("/README.md")), try #require(read("/generation_config.json")),
      read("/chat_template.jinja")
    )
  }

  @Test("Any number may stand in a folder's lineage", arguments: [Int.min, -1, Int.max])
  func numbers(_ number: Int) throws {
    let (card, _, _) = try written { model in
      model.metadata["lineage"] = [
        "recipe": "r", "stage": .integer(number), "step": .integer(number),
        "seed": .integer(number),
        "ancestors": [["recipe": "q", "stage": .integer(number)]],
      ]
      model.metadata["evaluation"] = [
        "pass@1": 1e300, "problems": .integer(number), "samples": .integer(number),
      ]
    }
    #expect(card.contains("seed \(number)"))
  }

  @Test("the card tells lineage, training and measurement, without a machine's folders")
  func card() throws {
    let (card, _, chat) = try written {
      $0.template = .tiny
      $0.metadata["lineage"] = [
        "recipe": "mine: 1", "step": 40, "stage": 1, "kind": "grpo", "seed": 7,
        "from": "/home/me/.cache/models--org--name/snapshots/abc", "tasks": ["/data/a`b.jsonl"],
        "hone": "9.9", "ancestors": [["recipe": "old", "step": 3, "stage": 0, "kind": "sft"]],
      ]
      $0.metadata["evaluation"] = [
        "step": 40, "problems": 1200, "samples": 4, "pass@1": 0.5, "pass@1_low": 0.25,
        "pass@1_high": 0.75, "temperature": 1.0, "tasks": ["tasks/test.jsonl"],
      ]
    }
    #expect(
      card.hasPrefix(
        """
        ---
        license: unknown
        base_model: org/name
        library_name: transformers
        pipeline_tag: text-generation
        tags:
        - hone
        - sft
        - grpo
        ---

        # mine: 1, step 40

        """))
    #expect(card.contains("1. recipe `old`, stage 1 (sft), after step 3\n2. recipe `mine: 1`, "))
    #expect(card.contains("stage 2 (grpo), after step 40, seed 7, from `abc`, on `a'b.jsonl`"))
    #expect(
      card.contains(
        "pass@1 50.0 % (95 % interval 25.0 % to 75.0 %) on 1,200 problems of `tasks/test.jsonl`, "
          + "4 a problem, temperature 1.0, after step 40."))
    #expect(card.contains(#"stop_strings=["\nQ:"], tokenizer=tokenizer"#))
    #expect(!card.contains("/home/me") && !card.contains("/data"))
    #expect(chat == ChatTemplate(.tiny).source)
  }

  @Test("without lineage, evaluation and template the card claims none")
  func bareCard() throws {
    let (card, _, chat) = try written()
    #expect(!card.contains("## Training") && !card.contains("## Measured"))
    #expect(!card.contains("base_model") && !card.contains("apply_chat_template"))
    #expect(card.contains("vocabulary of 1,257"))
    #expect(chat == nil)
  }

  @Test("others sample from the whole distribution and end where Hone ends")
  func generation() throws {
    let (_, text, _) = try written(beginToken: 3)
    #expect(
      try JSON.parse(text) == [
        "bos_token_id": 3, "eos_token_id": 256, "pad_token_id": 256, "do_sample": true,
        "temperature": 1.0, "top_k": 0, "top_p": 1.0,
      ])
  }
}
