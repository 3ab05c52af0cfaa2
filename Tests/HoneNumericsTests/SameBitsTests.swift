import CKernels
import HoneNumerics
import Testing

/// Every operation gives the same bits on any number of workers and any instruction set.
@Suite struct SameBitsTests {
  private static func results(_ compute: Compute) -> [(name: String, bits: [UInt32])] {
    withArena { arena in
      var results: [(name: String, bits: [UInt32])] = []
      products(compute, arena, &results)
      rowOperations(compute, arena, &results)
      attention(compute, arena, &results)
      head(compute, arena, &results)
      elementwise(compute, arena, &results)
      return results
    }
  }

  private static func products(
    _ compute: Compute, _ arena: Arena, _ results: inout [(name: String, bits: [UInt32])]
  ) {
    // Several row blocks, column groups and blocks of the sum.
    for (rows, columns, inner) in [(197, 130, 50), (9, 70, 700), (1, 200, 330)] {
      let (a, b) = (arena.random(rows * inner), arena.random(columns * inner))
      let dc = arena.random(rows * columns)
      for (layout, name) in [(Layout.plain, "plain"), (.transposed, "transposed")] {
        let bStride = layout == .plain ? columns : inner
        let c = arena.filled(rows * columns, .nan)
        compute.multiply(
          rows: rows, columns: columns, inner: inner, a: a, aStride: inner, b: b, bStride: bStride,
          layout: layout, c: c, cStride: columns)
        results.append(("multiply \(name) \(rows)", bits(c, rows * columns)))
        let da = arena.copy(a, rows * inner)
        compute.multiplyInputGradient(
          rows: rows, columns: columns, inner: inner, dc: dc, dcStride: columns, b: b,
          bStride: bStride, layout: layout, da: da, daStride: inner, accumulation: .add)
        results.append(("multiplyInputGradient \(name) \(rows)", bits(da, rows * inner)))
      }
      let db = arena.copy(b, inner * columns)
      compute.multiplyWeightGradient(
        rows: rows, columns: columns, inner: inner, a: a, aStride: inner, dc: dc,
        dcStride: columns, db: db, dbStride: columns)
      results.append(("multiplyWeightGradient \(rows)", bits(db, inner * columns)))
    }
    // More than one piece of columns.
    let (a, dc) = (arena.random(20 * 40), arena.random(20 * 900))
    let db = arena.filled(40 * 900)
    compute.multiplyWeightGradient(
      rows: 20, columns: 900, inner: 40, a: a, aStride: 40, dc: dc, dcStride: 900, db: db,
      dbStride: 900)
    results.append(("multiplyWeightGradient wide", bits(db, 40 * 900)))
  }

  private static func rowOperations(
    _ compute: Compute, _ arena: Arena, _ results: inout [(name: String, bits: [UInt32])]
  ) {
    let (rows, channels) = (101, 139)
    let count = rows * channels
    let (x, dy) = (arena.random(count, scale: 3), arena.random(count))
    let (weight, dweight) = (arena.random(channels), arena.random(channels))
    let (y, dx) = (arena.filled(count), arena.random(count))
    let rstd = arena.filled(rows)
    compute.rmsNorm(
      rows: rows, channels: channels, x: x, xStride: channels, weight: weight, epsilon: 1e-6, y: y,
      yStride: channels, rstd: rstd)
    results.append(("rmsNorm", bits(y, count) + bits(rstd, rows)))
    compute.rmsNormBackward(
      rows: rows, channels: channels, x: x, xStride: channels, weight: weight, rstd: rstd, dy: dy,
      dyStride: channels, dx: dx, dxStride: channels, accumulation: .add, dweight: dweight)
    results.append(("rmsNormBackward", bits(dx, count) + bits(dweight, channels)))

    let (heads, size, width) = (5, 22, 5 * 22 + 9)
    let (q, dq) = (arena.random(rows * width), arena.random(rows * width))
    let (headWeight, headGradient) = (arena.random(size), arena.filled(size))
    let (normed, headRstd) = (arena.copy(q, rows * width), arena.filled(rows * heads))
    compute.headNorm(
      rows: rows, heads: heads, headSize: size, x: normed, xStride: width, weight: headWeight,
      epsilon: 1e-5, rstd: headRstd)
    results.append(("headNorm", bits(normed, rows * width) + bits(headRstd, rows * heads)))
    compute.headNormBackward(
      rows: rows, heads: heads, headSize: size, x: q, xStride: width, weight: headWeight,
      rstd: headRstd, dy: dq, dyStride: width, dweight: headGradient)
    results.append(("headNormBackward", bits(dq, rows * width) + bits(headGradient, size)))

    let table = RotaryTable(headSize: size, positions: 200, theta: 10_000)
    let positions = (0..<rows).map { Int32($0 * 37 % 200) }
    for inverse in [false, true] {
      compute.rotary(
        rows: rows, heads: heads, positions: positions, table: table, x: q, xStride: width,
        inverse: inverse)
      results.append(("rotary \(inverse)", bits(q, rows * width)))
    }

    let forward = 45
    let gateUp = arena.random(rows * 2 * forward, scale: 20)
    let (act, dact) = (arena.filled(rows * forward), arena.random(rows * forward))
    compute.swiglu(rows: rows, width: forward, gateUp: gateUp, act: act)
    results.append(("swiglu", bits(act, rows * forward)))
    compute.swigluBackward(
      rows: rows, width: forward, gateUp: gateUp, dact: dact, dGateUp: gateUp)
    results.append(("swigluBackward", bits(gateUp, rows * 2 * forward)))
  }

  private static func attention(
    _ compute: Compute, _ arena: Arena, _ results: inout [(name: String, bits: [UInt32])]
  ) {
    let layout = [
      Reference.Segment(firstRow: 0, rows: 21), .init(firstRow: 21, rows: 101),
      .init(firstRow: 122, rows: 13, parentFirstRow: 0, parentLength: 21),
      .init(firstRow: 135, rows: 1, parentFirstRow: 0, parentLength: 20),
      .init(firstRow: 136, rows: 7, parentFirstRow: 21, parentLength: 101),
    ]
    for (heads, shared, size) in [(6, 2, 10), (3, 3, 16)] {
      let shape = AttentionShape(heads: heads, keyValueHeads: shared, headSize: size)
      let fused = arena.random(143 * shape.fusedWidth, scale: 2)
      let batch = AttentionBatch(shape: shape, layout: layout, fused: fused, arena: arena)
      let count = batch.rows * heads * size
      results.append(("attention \(heads)", bits(batch.forward(compute, arena), count)))
      let gradient = batch.backward(compute, arena, dout: arena.random(count))
      results.append(
        ("attentionBackward \(heads)", bits(gradient, batch.rows * shape.fusedWidth)))
    }
  }

  private static func head(
    _ compute: Compute, _ arena: Arena, _ results: inout [(name: String, bits: [UInt32])]
  ) {
    for vocabulary in [1, 5, 8, 67, 512] {
      let logits = arena.random(vocabulary, scale: 12)
      logits[vocabulary / 2] = -.infinity
      logits[0] = 3
      for inverse in [Float(1), 1.7] {
        let statistics = compute.softmaxStatistics(
          vocabulary: vocabulary, logits: logits, inverseTemperature: inverse)
        results.append(
          (
            "softmaxStatistics \(vocabulary)",
            [statistics.maximum, statistics.sum, statistics.entropy].map(\.bitPattern)
          ))
        let tokens = (0..<50).map {
          compute.kernels.sampleRow(
            vocabulary, logits, inverse, statistics.maximum, Double($0) / 50)
        }
        results.append(("sampleRow \(vocabulary)", tokens.map(UInt32.init)))
        let gradient = arena.copy(logits, vocabulary)
        compute.softmaxBackward(
          vocabulary: vocabulary, logits: gradient, inverseTemperature: inverse,
          statistics: statistics, target: 0, logProbability: -0.7, entropy: 0.3)
        results.append(("softmaxBackward \(vocabulary)", bits(gradient, vocabulary)))
      }
    }
  }

  private static func elementwise(
    _ compute: Compute, _ arena: Arena, _ results: inout [(name: String, bits: [UInt32])]
  ) {
    let count = 40_003  // three chunks, the last of an odd length
    let (x, y) = (arena.random(count), arena.random(count))
    let special: [Float] = [-0.0, 0x1p-140, -3e38, 0, .leastNonzeroMagnitude]
    for (index, value) in special.enumerated() {
      x[index * 1000] = value
    }
    compute.add(count: count, x, to: y)
    results.append(("add", bits(y, count)))
    let squares = compute.sumOfSquares(count: count, x).bitPattern
    results.append(
      (
        "sumOfSquares",
        [UInt32(truncatingIfNeeded: squares), UInt32(truncatingIfNeeded: squares >> 32)]
      ))
    let (rows, channels) = (97, 131)
    let (bias, dbias) = (arena.random(channels), arena.random(channels))
    compute.addBias(rows: rows, channels: channels, bias: bias, y: y, yStride: channels + 4)
    results.append(("addBias", bits(y, count)))
    compute.biasGradient(
      rows: rows, channels: channels, dy: y, dyStride: channels + 4, dbias: dbias)
    results.append(("biasGradient", bits(dbias, channels)))
    let (first, second) = (arena.filled(count), arena.filled(count))
    for step in 1...2 {
      let update = AdamWUpdate(
        learningRate: 1e-3, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, gradientScale: 0.3, count: step)
      compute.adamW(
        update, count: count, weightDecay: 0.1, parameters: y, gradients: x, firstMoment: first,
        secondMoment: second)
    }
    results.append(("adamW", bits(y, count) + bits(first, count) + bits(second, count)))
  }

  @Test(arguments: [2, 3]) func workersChangeNothing(workers: Int) throws {
    let name = kernelSets[kernelSets.count - 1]
    let alone = Self.results(try Compute(testing: name))
    let together = Self.results(try Compute(testing: name, workers: workers))
    for (one, other) in zip(alone, together) {
      #expect(one.bits == other.bits, "\(one.name) differs")
    }
  }

  @Test(.enabled(if: kernelSets.count > 1, "this machine runs one set of kernels alone"))
  func instructionSetsAgree() throws {
    let portable = Self.results(try Compute(testing: "portable"))
    for name in kernelSets.dropFirst() {
      for (one, other) in zip(portable, Self.results(try Compute(testing: name))) {
        #expect(one.bits == other.bits, "\(one.name) differs between portable and \(name)")
      }
    }
  }

  @Test func kernelsAreFoundByName() {
    #expect(kernelSets.contains("portable"))
    #expect(kernelSets.contains(Kernels.name))
    #expect(Kernels.named("no such set") == nil)
    for name in kernelSets {
      #expect(Kernels.named(name).map { String(cString: $0.name) } == name)
    }
  }
}
