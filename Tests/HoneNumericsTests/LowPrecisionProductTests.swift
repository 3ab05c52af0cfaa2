import CKernels
import HoneNumerics
import Testing

/// Products with weights in small formats and with rounded sums, bit by bit.
@Suite("Products in low precision equal their scalar definition")
struct LowPrecisionProductTests {
  /// x rounded to `bits` significant bits, ties to even, by double arithmetic.
  private static func rounded(_ x: Float, bits: Int) -> Float {
    guard bits < 24, x != 0 else { return x }
    let unit = Double(sign: .plus, exponent: Int(x.exponent) - bits + 1, significand: 1)
    return Float((Double(x) / unit).rounded(.toNearestOrEven) * unit)
  }

  /// One element: slices of K, each a chain of fused multiply-adds, rounded, added.
  private static func element(
    inner: Int, every: Int, significant: Int, start: Float? = nil, a: (Int) -> Float,
    b: (Int) -> Float
  ) -> Float {
    var total: Float = start ?? 0
    for first in stride(from: 0, to: inner, by: every) {
      var sum: Float = 0
      for k in first..<min(inner, first + every) { sum.addProduct(a(k), b(k)) }
      total += rounded(sum, bits: significant)
    }
    return total
  }

  @Test(
    "Chunked sums, forward and both gradients",
    arguments: [(128, 14), (128, 8), (64, 24), (320, 11)], kernelSets)
  func chunked(policy: (Int, Int), kernelName: String) throws {
    let (every, significant) = policy
    let sum = SumPolicy.chunked(every: every, significantBits: significant)
    for (rows, columns, inner) in [(1, 70, 300), (13, 64, 128), (200, 33, 129), (7, 130, 50)] {
      let compute = try Compute(testing: kernelName, workers: 2)
      try withArena { arena in
        let (a, b) = (arena.random(rows * inner), arena.random(inner * columns))
        let matrix = WeightMatrix(b, stride: columns)
        let c = arena.filled(rows * columns, .nan)
        compute.multiply(
          rows: rows, columns: columns, inner: inner, a: a, aStride: inner, b: matrix, c: c,
          cStride: columns, sum: sum)
        for row in 0..<rows {
          for column in 0..<columns {
            let wanted = Self.element(
              inner: inner, every: every, significant: significant,
              a: { a[row * inner + $0] }, b: { b[$0 * columns + column] })
            try #require(c[row * columns + column].bitPattern == wanted.bitPattern)
          }
        }
        let da = arena.filled(rows * inner, .nan)
        compute.multiplyInputGradient(
          rows: rows, columns: columns, inner: inner, dc: c, dcStride: columns, b: matrix, da: da,
          daStride: inner, accumulation: .set, sum: sum)
        for row in 0..<rows {
          for k in 0..<inner {
            let wanted = Self.element(
              inner: columns, every: every, significant: significant,
              a: { c[row * columns + $0] }, b: { b[k * columns + $0] })
            try #require(da[row * inner + k].bitPattern == wanted.bitPattern)
          }
        }
        let db = arena.random(inner * columns)
        let before = arena.copy(db, inner * columns)
        compute.multiplyWeightGradient(
          rows: rows, columns: columns, inner: inner, a: a, aStride: inner, dc: c,
          dcStride: columns, db: db, dbStride: columns, sum: sum)
        for k in 0..<inner {
          for column in 0..<columns {
            let wanted = Self.element(
              inner: rows, every: every, significant: significant,
              start: before[k * columns + column], a: { a[$0 * inner + k] },
              b: { c[$0 * columns + column] })
            try #require(db[k * columns + column].bitPattern == wanted.bitPattern)
          }
        }
      }
    }
  }

  /// A matrix in some storage, and the same matrix in single precision.
  private func storages(
    rows: Int, columns: Int, _ b: UnsafePointer<Float>, _ compute: Compute,
    _ body: (String, WeightMatrix, TensorBuffer) throws -> Void
  ) rethrows {
    let (high, low) = (HalfBuffer(count: rows * columns), HalfBuffer(count: rows * columns))
    compute.split(count: rows * columns, b, high: high.pointer, low: low.pointer)
    let wide = TensorBuffer(
      (0..<rows * columns).map { Float(bitPattern: UInt32(high.pointer[$0]) << 16) })
    try body("bf16", WeightMatrix(high: high.pointer, stride: columns), wide)
    for format in [NumberFormat.e4m3, .e5m2, .e5m6, NumberFormat("e2m1") ?? .e4m3] {
      let across = WeightMatrix.blocks(columns)
      let exponents = UnsafeMutablePointer<Int8>.allocate(
        capacity: WeightMatrix.blocks(rows) * across)
      defer { exponents.deallocate() }
      compute.blockExponents(
        rows: rows, columns: columns, x: b, format: format, exponents: exponents)
      let wide = TensorBuffer(count: rows * columns)
      for blockRow in 0..<WeightMatrix.blocks(rows) {
        for blockColumn in 0..<across {
          let places = (blockRow * 128..<min(rows, blockRow * 128 + 128)).flatMap { row in
            (blockColumn * 128..<min(columns, blockColumn * 128 + 128)).map { row * columns + $0 }
          }
          // A block is one tile when its elements are laid end to end.
          var tile = places.map { b[$0] }
          compute.round(
            rows: 1, channels: tile.count, x: &tile, stride: tile.count, format: format,
            tile: (tile.count + 7) / 8 * 8)
          for (place, value) in zip(places, tile) { wide.pointer[place] = value }
        }
      }
      try body(
        format.description,
        WeightMatrix(b, stride: columns, format: format, exponents: exponents), wide)
      if format.storageBits > 8 { continue }
      let codes = UnsafeMutablePointer<UInt8>.allocate(capacity: rows * columns)
      defer { codes.deallocate() }
      #expect(
        compute.encodeBlocks(
          rows: rows, columns: columns, x: b, format: format, exponents: exponents, codes: codes))
      try body(
        "codes of \(format)",
        WeightMatrix(codes: codes, stride: columns, format: format, exponents: exponents), wide)
    }
  }

  @Test("Weights are widened exactly, in both layouts", arguments: kernelSets)
  func widened(kernelName: String) throws {
    let compute = try Compute(testing: kernelName, workers: 2)
    for (rows, columns, inner) in [(1, 70, 300), (5, 200, 129), (40, 65, 640), (3, 9, 5)] {
      withArena { arena in
        let b = arena.random(inner * columns, scale: 0.1)
        b[inner * columns / 2] = 3
        let a = arena.random(rows * inner)
        let dc = arena.random(rows * columns)
        storages(rows: inner, columns: columns, b, compute) { name, matrix, wide in
          let single = WeightMatrix(wide.pointer, stride: columns)
          for sum in [SumPolicy.single, .chunked(every: 128, significantBits: 14)] {
            func product(_ matrix: WeightMatrix) -> [UInt32] {
              let c = arena.filled(rows * columns, .nan)
              compute.multiply(
                rows: rows, columns: columns, inner: inner, a: a, aStride: inner, b: matrix, c: c,
                cStride: columns, sum: sum)
              let da = arena.filled(rows * inner, .nan)
              compute.multiplyInputGradient(
                rows: rows, columns: columns, inner: inner, dc: dc, dcStride: columns, b: matrix,
                da: da, daStride: inner, accumulation: .set, sum: sum)
              return bits(c, rows * columns) + bits(da, rows * inner)
            }
            #expect(product(matrix) == product(single), "\(name), \(rows)x\(columns)x\(inner)")
          }
          var row = [Float](repeating: 0, count: columns)
          compute.read(matrix, row: inner - 1, count: columns, to: &row)
          #expect(
            row.map(\.bitPattern) == bits(wide.pointer + (inner - 1) * columns, columns), "\(name)")
        }
      }
    }
  }

  @Test("Codes that a product would misread are refused", arguments: kernelSets)
  func unreadableCodes(kernelName: String) throws {
    let compute = try Compute(testing: kernelName, workers: 2)
    let (rows, columns) = (3, 13)
    func isReadable(_ odd: Float, at place: Int) -> Bool {
      var x = [Float](repeating: 0.5, count: rows * columns)
      x[place] = odd
      var exponents: [Int8] = [0]
      var codes = [UInt8](repeating: 0, count: rows * columns)
      compute.blockExponents(
        rows: rows, columns: columns, x: x, format: .e4m3, exponents: &exponents)
      return compute.encodeBlocks(
        rows: rows, columns: columns, x: x, format: .e4m3, exponents: exponents, codes: &codes)
    }
    #expect(isReadable(0.25, at: 0))
    for place in 0..<rows * columns { #expect(!isReadable(.nan, at: place), "\(place)") }
    // 448 x 2^7, with E4M3's bias of 7, is the largest that one multiplication decodes.
    #expect(isReadable(57344, at: 20))
    #expect(!isReadable(57345, at: 20))
  }

  @Test("bf16 weights with their masters are updated as fp32 weights are", arguments: kernelSets)
  func splitUpdate(kernelName: String) throws {
    let compute = try Compute(testing: kernelName, workers: 2)
    let count = 40_003
    withArena { arena in
      let p = arena.random(count)
      let (g, m, v) = (arena.random(count), arena.random(count), arena.random(count))
      for index in 0..<count { v[index] = v[index] * v[index] }
      let (high, low) = (HalfBuffer(count: count), HalfBuffer(count: count))
      compute.split(count: count, p, high: high.pointer, low: low.pointer)
      let (m2, v2) = (arena.copy(m, count), arena.copy(v, count))
      let update = AdamWUpdate(
        learningRate: 1e-2, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, gradientScale: 0.5, count: 3)
      compute.adamW(
        update, count: count, weightDecay: 0.1, parameters: p, gradients: g, firstMoment: m,
        secondMoment: v)
      compute.adamW(
        update, count: count, weightDecay: 0.1,
        state: AdamWState(
          gradients: .single(g), parameters: .split(high: high.pointer, low: low.pointer),
          firstMoment: .single(m2),
          secondMoment: .single(v2)))
      let joined = arena.filled(count)
      compute.join(count: count, high: high.pointer, low: low.pointer, joined)
      #expect(bits(joined, count) == bits(p, count))
      #expect(bits(m2, count) == bits(m, count) && bits(v2, count) == bits(v, count))
    }
  }

  @Test("bf16 moments are rounded to nearest, or by the stream without bias", arguments: kernelSets)
  func halfMoments(kernelName: String) throws {
    let count = 80_000
    let update = AdamWUpdate(
      learningRate: 1e-2, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, gradientScale: 1, count: 1)
    let stream = RandomStream(seed: 4, purpose: .rounding, step: 9)
    func moments(_ rounding: RandomStream?, workers: Int, pieces: Int = 1) throws -> [Float] {
      let compute = try Compute(testing: kernelName, workers: workers)
      let gradients = [Float](repeating: 1.0001, count: count)
      var parameters = [Float](repeating: 0, count: count)
      let (m, v) = (HalfBuffer(count: count), HalfBuffer(count: count))
      let piece = count / pieces
      parameters.withUnsafeMutableBufferPointer { p in
        gradients.withUnsafeBufferPointer { g in
          guard let p = p.baseAddress, let g = g.baseAddress else { return }
          for start in stride(from: 0, to: count, by: piece) {
            compute.adamW(
              update, count: piece, weightDecay: 0,
              state: AdamWState(
                gradients: .single(UnsafeMutablePointer(mutating: g + start)),
                parameters: .single(p + start), firstMoment: .half(m.pointer + start),
                secondMoment: .half(v.pointer + start), rounding: rounding, firstElement: start))
          }
        }
      }
      return (0..<count).flatMap { index in
        [m.pointer[index], v.pointer[index]].map { Float(bitPattern: UInt32($0) << 16) }
      }
    }
    let exact: Double = 0.1 * 1.0001
    let nearest = try moments(nil, workers: 1)
    #expect(Set(nearest).count == 2)
    let drawn = try moments(stream, workers: 1)
    #expect(try moments(stream, workers: 2, pieces: 4) == drawn)
    #expect(
      try moments(RandomStream(seed: 4, purpose: .rounding, step: 10), workers: 1) != drawn)
    let first = stride(from: 0, to: drawn.count, by: 2).map { Double(drawn[$0]) }
    #expect(Set(first).count == 2)
    // 80,000 draws between two neighbours 4.9e-4 apart: the mean's deviation is below 9e-7.
    let mean = first.reduce(0, +) / Double(first.count)
    #expect(abs(mean - exact) < 4e-6)
    // Philox by its definition for one block of eight.
    let words = Philox.block(key: stream.key, counter: (2 * 5, 0, 0, 0))
    let random = [words.0, words.1, words.2, words.3].flatMap { [$0 & 0xffff, $0 >> 16] }
    let bitsOfExact = (Float(1.0001) * Float(1 - 0.9)).bitPattern
    for lane in 0..<8 {
      let wanted = (bitsOfExact &+ random[lane]) >> 16
      #expect(drawn[(40 + lane) * 2].bitPattern >> 16 == wanted)
    }
  }

  @Test("Sums in bf16 are those in fp32, rounded to nearest even", arguments: kernelSets)
  func halfSums(kernelName: String) throws {
    let compute = try Compute(testing: kernelName, workers: 2)
    let count = 40_003
    func half(_ x: Float) -> UInt16 {
      if !x.isFinite { return UInt16(x.bitPattern >> 16) }
      return UInt16((x.bitPattern &+ 0x7fff &+ (x.bitPattern >> 16 & 1)) >> 16)
    }
    func wide(_ x: UInt16) -> Float { Float(bitPattern: UInt32(x) << 16) }
    withArena { arena in
      let x = arena.random(count)
      // A tie to even in both directions, numbers without end, and what overflows.
      for (place, value) in [1 + 0x1p-8, 1 + 3 * 0x1p-8, Float.infinity, .nan, 3.4e38].enumerated()
      {
        x[place] = value
      }
      let (sum, others) = (HalfBuffer(count: count), HalfBuffer(count: count))
      for index in 0..<count {
        sum.pointer[index] = index < 4 ? 0 : half(index == 4 ? 3.4e38 : x[(index * 7) % count])
        others.pointer[index] = half(x[(index * 11 + 40) % count])
      }
      let before = (0..<count).map { sum.pointer[$0] }
      let wanted = before.enumerated().map { half(wide($1) + x[$0]) }
      compute.addRounding(count: count, x, to: sum.pointer)
      func same(_ a: UInt16, _ b: UInt16) -> Bool { a == b || wide(a).isNaN && wide(b).isNaN }
      for index in 0..<count { #expect(same(sum.pointer[index], wanted[index]), "\(index)") }
      #expect((0..<count).allSatisfy { x[$0] == 0 })
      for index in 0..<count where !wide(sum.pointer[index]).isFinite { sum.pointer[index] = 0 }
      for index in 0..<count where !wide(others.pointer[index]).isFinite {
        others.pointer[index] = 0
      }
      let more = (0..<count).map { half(wide(sum.pointer[$0]) + wide(others.pointer[$0])) }
      #expect(more.contains { $0 != 0 })
      compute.addRounding(count: count, others.pointer, to: sum.pointer)
      #expect((0..<count).allSatisfy { sum.pointer[$0] == more[$0] })
      let square = more.reduce(0) { $0 + Double(wide($1)) * Double(wide($1)) }
      #expect(abs(compute.sumOfSquares(count: count, sum.pointer) / square - 1) < 1e-12)
    }
  }

  @Test("An update by bf16 gradients is one by the same numbers in fp32", arguments: kernelSets)
  func halfGradients(kernelName: String) throws {
    let compute = try Compute(testing: kernelName, workers: 2)
    let count = 40_003
    withArena { arena in
      let (p, g, m, v) = (
        arena.random(count), arena.random(count), arena.random(count), arena.filled(count, 0.25)
      )
      let half = HalfBuffer(count: count)
      for index in 0..<count {
        half.pointer[index] = UInt16(g[index].bitPattern >> 16)
        g[index] = Float(bitPattern: g[index].bitPattern & 0xffff_0000)
      }
      let (p2, m2, v2) = (arena.copy(p, count), arena.copy(m, count), arena.copy(v, count))
      let update = AdamWUpdate(
        learningRate: 1e-2, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, gradientScale: 0.5, count: 3)
      for (gradients, p, m, v) in [
        (AdamWState.Numbers.single(g), p, m, v), (.half(half.pointer), p2, m2, v2),
      ] {
        compute.adamW(
          update, count: count, weightDecay: 0.1,
          state: AdamWState(
            gradients: gradients, parameters: .single(p), firstMoment: .single(m),
            secondMoment: .single(v)))
      }
      #expect(bits(p, count) == bits(p2, count))
      #expect(bits(m, count) == bits(m2, count) && bits(v, count) == bits(v2, count))
    }
  }

  @Test("A weight without its rest moves by the stream, without bias", arguments: kernelSets)
  func halfParameters(kernelName: String) throws {
    let count = 80_000
    // A step of 1e-5 from 1, where neighbours in bf16 are 2^-8 (below) and 2^-7 apart.
    let update = AdamWUpdate(
      learningRate: 1e-5, beta1: 0.9, beta2: 0.95, epsilon: 0, gradientScale: 1, count: 1)
    let stream = RandomStream(seed: 4, purpose: .rounding, step: 9, problem: "weights")
    func weights(workers: Int, pieces: Int) throws -> [UInt16] {
      let compute = try Compute(testing: kernelName, workers: workers)
      let (p, piece) = (HalfBuffer(count: count), count / pieces)
      for index in 0..<count { p.pointer[index] = UInt16(Float(1).bitPattern >> 16) }
      withArena { arena in
        let (g, m, v) = (arena.filled(count, -2), arena.filled(count), arena.filled(count))
        for start in stride(from: 0, to: count, by: piece) {
          compute.adamW(
            update, count: piece, weightDecay: 0,
            state: AdamWState(
              gradients: .single(g + start), parameters: .half(p.pointer + start),
              firstMoment: .single(m + start), secondMoment: .single(v + start),
              parameterRounding: stream, firstElement: start))
        }
      }
      return (0..<count).map { p.pointer[$0] }
    }
    let drawn = try weights(workers: 1, pieces: 1)
    #expect(try weights(workers: 2, pieces: 4) == drawn)
    let one = UInt16(Float(1).bitPattern >> 16)
    #expect(Set(drawn) == [one, one + 1])
    // 1e-5 / 2^-7 of 80,000 is 102, with a deviation of 10.
    let moved = drawn.reduce(0) { $0 + Int($1 - one) }
    #expect(abs(moved - 102) < 50)
    // Philox by its definition: the first block of eight in which a weight has moved.
    let block = try #require(drawn.firstIndex(of: one + 1)) / 8
    let words = Philox.block(key: stream.key, counter: (UInt32(block), 0, 0, 0))
    let random = [words.0, words.1, words.2, words.3].flatMap { [$0 & 0xffff, $0 >> 16] }
    let exact = (Float(1) + Float(1e-5)).bitPattern
    for lane in 0..<8 {
      #expect(UInt32(drawn[block * 8 + lane]) == (exact &+ random[lane]) >> 16)
    }
  }
}
