import Foundation
import HoneNumerics
import HonePolicy

/// The decoder in plain scalar double arithmetic, one sequence at a time, no cache, no sharing.
///
/// Written from the papers' formulas, for tests: it shares nothing with the kernels but the layout
/// of the parameters.
struct ReferenceDecoder {
  let configuration: PolicyConfiguration
  let layout: ParameterLayout
  var parameters: [Double]
  /// Ids that are not part of the distribution.
  let excluded: [Range<Int>]

  init(_ policy: Policy) {
    configuration = policy.configuration
    layout = policy.layout
    parameters = policy.parameters.array.map(Double.init)
    excluded = policy.excludedTokens
  }

  /// log p of each completion token and the entropy of its distribution.
  func scores(
    prompt: [Int32], completion: [Int32], temperature: Double
  ) -> [(logProbability: Double, entropy: Double)] {
    let hidden = hiddenStates(prompt + completion.dropLast())
    return completion.enumerated().map { index, target in
      let logits = logits(hidden[prompt.count - 1 + index]).map { $0 / temperature }
      let possible = logits.indices
        .filter { id in !excluded.contains { $0.contains(id) } }.map { logits[$0] }
      let top = possible.max() ?? 0
      let logSum = top + log(possible.reduce(0) { $0 + exp($1 - top) })
      let entropy = -possible.reduce(0) { $0 + exp($1 - logSum) * ($1 - logSum) }
      return (logits[Int(target)] - logSum, entropy)
    }
  }

  private func hiddenStates(_ tokens: [Int32]) -> [[Double]] {
    let channels = configuration.hiddenSize
    var x = tokens.map { token in
      (0..<channels).map { parameters[layout.embedding.offset + Int(token) * channels + $0] }
    }
    for layer in layout.layers {
      let attended = attention(x.map { norm($0, layer.inputNorm) }, layer)
      for row in x.indices { x[row] = sum(x[row], attended[row]) }
      for row in x.indices {
        let gateUp = linear(norm(x[row], layer.postNorm), layer.gateUp)
        let width = configuration.intermediateSize
        let act = (0..<width).map { gateUp[$0] / (1 + exp(-gateUp[$0])) * gateUp[width + $0] }
        x[row] = sum(x[row], linear(act, layer.down))
      }
    }
    return x
  }

  private func attention(_ rows: [[Double]], _ layer: ParameterLayout.Layer) -> [[Double]] {
    let c = configuration
    let (size, group) = (c.headSize, c.heads / c.keyValueHeads)
    let fused = rows.enumerated().map { position, row in
      var values = linear(row, layer.fused)
      if let bias = layer.fusedBias {
        for index in values.indices { values[index] += parameters[bias.offset + index] }
      }
      for head in 0..<c.heads + c.keyValueHeads {
        let range = head * size..<(head + 1) * size
        let weight = head < c.heads ? layer.queryNorm : layer.keyNorm
        var vector = Array(values[range])
        if let weight { vector = norm(vector, weight) }
        values.replaceSubrange(range, with: rotated(vector, position: position))
      }
      return values
    }
    return rows.indices.map { row in
      var out = [Double](repeating: 0, count: c.heads * size)
      for head in 0..<c.heads {
        let key = (c.heads + head / group) * size
        let value = (c.heads + c.keyValueHeads + head / group) * size
        let scores = (0...row).map { other in
          (0..<size).reduce(0) { $0 + fused[row][head * size + $1] * fused[other][key + $1] }
            / Double(size).squareRoot()
        }
        let top = scores.max() ?? 0
        let weights = scores.map { exp($0 - top) }
        let total = weights.reduce(0, +)
        for d in 0..<size {
          out[head * size + d] =
            (0...row).reduce(0) { $0 + weights[$1] * fused[$1][value + d] } / total
        }
      }
      return linear(out, layer.output)
    }
  }

  private func rotated(_ x: [Double], position: Int) -> [Double] {
    let half = x.count / 2
    var out = x
    for i in 0..<half {
      let angle =
        Double(position) * pow(configuration.ropeTheta, -2 * Double(i) / Double(x.count))
      out[i] = x[i] * cos(angle) - x[half + i] * sin(angle)
      out[half + i] = x[half + i] * cos(angle) + x[i] * sin(angle)
    }
    return out
  }

  private func norm(_ x: [Double], _ weight: ParameterLayout.Slice) -> [Double] {
    let mean = x.reduce(0) { $0 + $1 * $1 } / Double(x.count)
    let scale = 1 / (mean + Double(configuration.rmsNormEpsilon)).squareRoot()
    return x.indices.map { parameters[weight.offset + $0] * x[$0] * scale }
  }

  private func linear(_ x: [Double], _ slice: ParameterLayout.Slice) -> [Double] {
    (0..<slice.columns).map { column in
      x.indices.reduce(0) {
        $0 + x[$1] * parameters[slice.offset + $1 * slice.columns + column]
      }
    }
  }

  private func logits(_ x: [Double]) -> [Double] {
    let normed = norm(x, layout.finalNorm)
    let channels = configuration.hiddenSize
    return (0..<configuration.vocabularySize).map { token in
      (0..<channels).reduce(0) {
        $0 + normed[$1] * parameters[layout.head.offset + token * channels + $1]
      }
    }
  }

  private func sum(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 + $1 } }
}
