import HoneNumerics
import Testing

/// Attention against its definition in double, and its gradient against central differences.
@Suite struct AttentionGradientTests {
  /// A batch to try; sizes are odd on purpose.
  struct Case: Sendable, CustomStringConvertible {
    var heads: Int
    var keyValueHeads: Int
    var headSize: Int
    var layout: [Reference.Segment]
    var description: String {
      "\(heads)/\(keyValueHeads) heads of \(headSize), rows \(layout.map(\.rows))"
    }
  }

  /// A prompt of 5 with three completions, one of which sees only part of it; and a lone sequence.
  private static let family: [Reference.Segment] = [
    .init(firstRow: 0, rows: 5), .init(firstRow: 5, rows: 3, parentFirstRow: 0, parentLength: 5),
    .init(firstRow: 8, rows: 7, parentFirstRow: 0, parentLength: 5), .init(firstRow: 15, rows: 4),
    .init(firstRow: 19, rows: 1, parentFirstRow: 0, parentLength: 4),
  ]

  private static let small: [Case] = [
    Case(heads: 1, keyValueHeads: 1, headSize: 2, layout: [.init(firstRow: 0, rows: 1)]),
    Case(heads: 1, keyValueHeads: 1, headSize: 6, layout: [.init(firstRow: 0, rows: 9)]),
    Case(heads: 2, keyValueHeads: 2, headSize: 5, layout: family),
    Case(heads: 4, keyValueHeads: 2, headSize: 4, layout: family),
    Case(heads: 3, keyValueHeads: 1, headSize: 10, layout: family),
  ]

  /// More rows than a block of the backward pass (96), and parents of more than a tile of keys.
  private static let large: [Case] = [
    Case(heads: 3, keyValueHeads: 1, headSize: 18, layout: [.init(firstRow: 0, rows: 101)]),
    Case(
      heads: 2, keyValueHeads: 1, headSize: 7,
      layout: [
        .init(firstRow: 0, rows: 37), .init(firstRow: 37, rows: 98, parentLength: 37),
        .init(firstRow: 135, rows: 2, parentLength: 37),
      ]),
    Case(heads: 1, keyValueHeads: 1, headSize: 9, layout: [.init(firstRow: 0, rows: 195)]),
  ]

  private func run(
    _ test: Case,
    _ body: (_ x: [Double], _ gradient: [Double], _ loss: ([Double]) -> Double) -> Void
  ) {
    let compute = Compute(workers: 2, forwardMultiplier: .own)
    withArena(seed: 3) { arena in
      let shape = AttentionShape(
        heads: test.heads, keyValueHeads: test.keyValueHeads, headSize: test.headSize)
      let rows = test.layout.map { $0.firstRow + $0.rows }.max() ?? 0
      let fused = arena.random(rows * shape.fusedWidth, scale: 1.5)
      let batch = AttentionBatch(shape: shape, layout: test.layout, fused: fused, arena: arena)
      let count = rows * test.heads * test.headSize
      let dout = arena.random(count)
      func reference(_ x: [Double]) -> [Double] {
        Reference.attention(
          heads: test.heads, keyValueHeads: test.keyValueHeads, headSize: test.headSize,
          segments: test.layout, fused: x)
      }
      let x = doubles(fused, rows * shape.fusedWidth)
      let out = doubles(batch.forward(compute, arena), count)
      #expect(relativeError(out, reference(x)) < 2e-6, "\(test)")
      let gradient = doubles(batch.backward(compute, arena, dout: dout), x.count)
      let dy = doubles(dout, count)
      body(x, gradient) { dot(reference($0), dy) }
    }
  }

  @Test(arguments: small + large) func gradient(test: Case) {
    run(test) { x, gradient, loss in
      let samples = x.count > 3000 ? 6 : 50
      let error = CentralDifferences.error(of: gradient, at: x, samples: samples, of: loss)
      #expect(error < 5e-6, "\(test)")
    }
  }

  /// The stores of decoding hold values too; keys that do not exist yet are never read.
  @Test func valuesAreStoredForDecoding() {
    let compute = Compute(workers: 2, forwardMultiplier: .own)
    withArena { arena in
      let shape = AttentionShape(heads: 4, keyValueHeads: 2, headSize: 6)
      let (capacity, length, rows) = (32, 14, 5)
      let fused = arena.random(rows * shape.fusedWidth)
      let keys = arena.filled(2 * 6 * capacity, .nan)
      let values = arena.filled(2 * capacity * 6, .nan)
      let store = KeyValues(
        keys: keys, capacity: capacity, values: values, valueHeadStride: capacity * 6,
        valueStride: 6)
      let segment = AttentionSegment(firstRow: 0, rows: rows, firstOwn: length, own: store)
      compute.storeKeyValues(
        shape: shape, segments: [segment], fused: fused, includingValues: true)
      for head in 0..<2 {
        for position in 0..<capacity {
          for d in 0..<6 {
            let block = head * capacity + position / 16 * 16
            let key = keys[block * 6 + d * 16 + position % 16]
            let value = values[(head * capacity + position) * 6 + d]
            let row = position - length
            if row < 0 || row >= rows {
              #expect(key.isNaN && value.isNaN)
            } else {
              let source = fused + row * shape.fusedWidth + head * 6 + d
              #expect(key == source[shape.keyOffset] && value == source[shape.valueOffset])
            }
          }
        }
      }
    }
  }
}
