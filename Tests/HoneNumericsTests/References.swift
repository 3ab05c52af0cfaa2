import Foundation
import Testing

/// The operations once more, as their definitions read: scalar, in double, one loop per sum.
enum Reference {
  /// C [M, N] = A [M, K] B, with B(k, n) given by index.
  static func product(
    rows: Int, columns: Int, inner: Int, a: [Double], b: (_ k: Int, _ n: Int) -> Double
  ) -> [Double] {
    var c = [Double](repeating: 0, count: rows * columns)
    for m in 0..<rows {
      for n in 0..<columns {
        for k in 0..<inner { c[m * columns + n] += a[m * inner + k] * b(k, n) }
      }
    }
    return c
  }

  /// w x / sqrt(mean(x^2) + epsilon), row by row.
  static func rmsNorm(channels: Int, x: [Double], weight: [Double], epsilon: Double) -> [Double] {
    var y = x
    for row in 0..<x.count / channels {
      var squares = 0.0
      for c in 0..<channels { squares += x[row * channels + c] * x[row * channels + c] }
      let scale = 1 / (squares / Double(channels) + epsilon).squareRoot()
      for c in 0..<channels { y[row * channels + c] *= scale * weight[c] }
    }
    return y
  }

  /// Pairs (i, i + D/2) of every head turned by position * theta^(-2i / D).
  static func rotary(
    heads: Int, headSize: Int, positions: [Int32], theta: Double, x: [Double]
  ) -> [Double] {
    var y = x
    let half = headSize / 2
    for (row, position) in positions.enumerated() {
      for head in 0..<heads {
        for i in 0..<half {
          let angle = Double(position) * pow(theta, -2 * Double(i) / Double(headSize))
          let first = (row * heads + head) * headSize + i
          let (a, b) = (x[first], x[first + half])
          y[first] = a * cos(angle) - b * sin(angle)
          y[first + half] = b * cos(angle) + a * sin(angle)
        }
      }
    }
    return y
  }

  /// silu(gate) * up, of rows of gate and then up.
  static func swiglu(width: Int, gateUp: [Double]) -> [Double] {
    (0..<gateUp.count / 2).map { index in
      let first = index / width * 2 * width + index % width
      return silu(gateUp[first]) * gateUp[first + width]
    }
  }

  static func silu(_ x: Double) -> Double { x / (1 + exp(-x)) }

  /// One run of rows of a batch, and the rows of the batch that its parent's keys are.
  struct Segment {
    var firstRow: Int
    var rows: Int
    var parentFirstRow = 0
    var parentLength = 0
  }

  /// Causal attention of fused rows of queries, keys and values.
  static func attention(
    heads: Int, keyValueHeads: Int, headSize: Int, segments: [Segment], fused: [Double]
  ) -> [Double] {
    let width = (heads + 2 * keyValueHeads) * headSize
    let rows = segments.map { $0.firstRow + $0.rows }.max() ?? 0
    var out = [Double](repeating: 0, count: rows * heads * headSize)
    for segment in segments {
      for row in 0..<segment.rows {
        let parent = segment.parentFirstRow..<segment.parentFirstRow + segment.parentLength
        let seen = Array(parent) + Array(segment.firstRow...segment.firstRow + row)
        for head in 0..<heads {
          let shared = head / (heads / keyValueHeads)
          let query = (segment.firstRow + row) * width + head * headSize
          let scores = seen.map { key in
            let first = key * width + (heads + shared) * headSize
            var sum = 0.0
            for d in 0..<headSize { sum += fused[query + d] * fused[first + d] }
            return sum / Double(headSize).squareRoot()
          }
          let probabilities = softmax(scores)
          for (key, probability) in zip(seen, probabilities) {
            let value = key * width + (heads + keyValueHeads + shared) * headSize
            let to = ((segment.firstRow + row) * heads + head) * headSize
            for d in 0..<headSize { out[to + d] += probability * fused[value + d] }
          }
        }
      }
    }
    return out
  }

  static func softmax(_ logits: [Double]) -> [Double] {
    let top = logits.max() ?? 0
    let exponentials = logits.map { exp($0 - top) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }

  /// log p(target) and the entropy, in nats, of logits at a temperature.
  static func head(
    logits: [Double], temperature: Double, target: Int
  ) -> (logProbability: Double, entropy: Double) {
    let probabilities = softmax(logits.map { $0 / temperature })
    let entropy = probabilities.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
    return (log(probabilities[target]), entropy)
  }

  /// One parameter's way through AdamW (Loshchilov & Hutter 2019, algorithm 2).
  struct AdamW {
    var parameter: Double
    var first = 0.0
    var second = 0.0

    mutating func update(
      gradient: Double, count: Int, learningRate: Double, beta1: Double, beta2: Double,
      epsilon: Double, weightDecay: Double
    ) {
      parameter -= learningRate * weightDecay * parameter
      first = beta1 * first + (1 - beta1) * gradient
      second = beta2 * second + (1 - beta2) * gradient * gradient
      let correctedFirst = first / (1 - pow(beta1, Double(count)))
      let correctedSecond = second / (1 - pow(beta2, Double(count)))
      parameter -= learningRate * correctedFirst / (correctedSecond.squareRoot() + epsilon)
    }
  }
}

/// What central differences of a scalar function say of its gradient.
enum CentralDifferences {
  /// d f / d x_i for each of `indices` (all of them by default).
  ///
  /// The step of 1e-5 leaves an error near 1e-10 of functions that are smooth at scale 1.
  static func gradient(
    at x: [Double], indices: [Int]? = nil, of f: ([Double]) -> Double
  ) -> [Double] {
    (indices ?? Array(x.indices)).map { index in
      var moved = x
      let step = 1e-5 * max(1, abs(x[index]))
      moved[index] = x[index] + step
      let above = f(moved)
      moved[index] = x[index] - step
      return (above - f(moved)) / (2 * step)
    }
  }

  /// How far a gradient is from that of a function, relative to its norm.
  ///
  /// Up to 150 elements are all compared. Of more, about `samples` are, and the whole gradient by
  /// its products with three random directions, which every element enters.
  static func error(
    of gradient: [Double], at x: [Double], samples: Int = 50, of f: ([Double]) -> Double
  ) -> Double {
    let step = max(1, x.count / samples)
    let indices =
      x.count <= 150 ? Array(x.indices) : Array(Swift.stride(from: 3, to: x.count, by: step))
    let wanted = self.gradient(at: x, indices: indices, of: f)
    var worst = relativeError(indices.map { gradient[$0] }, wanted)
    guard indices.count < x.count else { return worst }
    for seed in 1...3 {
      let direction = withArena(seed: UInt64(seed)) { arena in
        x.map { _ in Double(arena.next()) }
      }
      let step = 1e-5
      let above = f(zip(x, direction).map { $0 + step * $1 })
      let below = f(zip(x, direction).map { $0 - step * $1 })
      // The scale is that of the product without its cancellation.
      let scale = (dot(gradient, gradient) * dot(direction, direction)).squareRoot()
      let difference = abs(dot(gradient, direction) - (above - below) / (2 * step)) / scale
      worst = difference.isNaN ? .nan : max(worst, difference)
    }
    return worst
  }
}

func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
