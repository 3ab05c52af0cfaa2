import HoneNumerics
import Testing

/// Forward and backward passes in fp32 against the definitions in double and central differences of
/// them.
///
/// The tolerance is norm-wise: || fp32 - double || / || double ||. Errors of rounding are near 1e-7
/// an operation; a wrong term would be an error near 1.
@Suite struct OperationGradientTests {
  private let tolerance = 5e-6
  private let compute = Compute(workers: 2, forwardMultiplier: .own)

  private func check(
    _ gradient: [Double], at x: [Double], sourceLocation: SourceLocation = #_sourceLocation,
    of loss: ([Double]) -> Double
  ) {
    let error = CentralDifferences.error(of: gradient, at: x, of: loss)
    #expect(error < tolerance, sourceLocation: sourceLocation)
  }

  @Test(arguments: [(1, 1, 1), (3, 5, 7), (13, 18, 33), (2, 70, 9)], [Layout.plain, .transposed])
  func linear(shape: (rows: Int, columns: Int, inner: Int), layout: Layout) {
    let (rows, columns, inner) = shape
    withArena { arena in
      let (aStride, cStride) = (inner + 1, columns + 3)
      let bStride = (layout == .plain ? columns : inner) + 2
      let bRows = layout == .plain ? inner : columns
      let (a, b) = (arena.random(rows * aStride), arena.random(bRows * bStride))
      let dc = arena.random(rows * cStride)
      let c = arena.filled(rows * cStride, .nan)
      compute.multiply(
        rows: rows, columns: columns, inner: inner, a: a, aStride: aStride, b: b,
        bStride: bStride, layout: layout, c: c, cStride: cStride)

      // B as [K, N] whatever its layout.
      let plainB = (0..<inner * columns).map { index in
        let (k, n) = (index / columns, index % columns)
        return Double(layout == .plain ? b[k * bStride + n] : b[n * bStride + k])
      }
      let x = doubles(a, rows: rows, inner, stride: aStride)
      let dy = doubles(dc, rows: rows, columns, stride: cStride)
      func product(_ x: [Double], _ w: [Double]) -> [Double] {
        Reference.product(rows: rows, columns: columns, inner: inner, a: x) { w[$0 * columns + $1] }
      }
      let y = doubles(c, rows: rows, columns, stride: cStride)
      #expect(relativeError(y, product(x, plainB)) < tolerance)

      // Both are added to something, which is taken off again.
      let before = arena.random(rows * aStride)
      for accumulation in [Accumulation.set, .add] {
        let da = arena.copy(before, rows * aStride)
        compute.multiplyInputGradient(
          rows: rows, columns: columns, inner: inner, dc: dc, dcStride: cStride, b: b,
          bStride: bStride, layout: layout, da: da, daStride: aStride, accumulation: accumulation)
        let start = doubles(before, rows: rows, inner, stride: aStride)
        let gradient = zip(doubles(da, rows: rows, inner, stride: aStride), start).map {
          accumulation == .set ? $0 : $0 - $1
        }
        check(gradient, at: x) { dot(product($0, plainB), dy) }
      }
      let db = arena.filled(inner * cStride, 0.25)
      compute.multiplyWeightGradient(
        rows: rows, columns: columns, inner: inner, a: a, aStride: aStride, dc: dc,
        dcStride: cStride, db: db, dbStride: cStride)
      let gradient = doubles(db, rows: inner, columns, stride: cStride).map { $0 - 0.25 }
      check(gradient, at: plainB) { dot(product(x, $0), dy) }
    }
  }

  /// The gradients of products again, at sizes that are cut into several tasks and blocks.
  @Test(arguments: [(197, 70, 65), (20, 400, 330), (400, 33, 100)])
  func linearInPieces(rows: Int, columns: Int, inner: Int) {
    withArena { arena in
      let (a, b) = (arena.random(rows * inner), arena.random(inner * columns))
      let (dc, da) = (arena.random(rows * columns), arena.filled(rows * inner))
      let db = arena.filled(inner * columns)
      compute.multiplyInputGradient(
        rows: rows, columns: columns, inner: inner, dc: dc, dcStride: columns, b: b,
        bStride: columns, da: da, daStride: inner, accumulation: .set)
      compute.multiplyWeightGradient(
        rows: rows, columns: columns, inner: inner, a: a, aStride: inner, dc: dc,
        dcStride: columns, db: db, dbStride: columns)
      // A few rows of each in double: dA = dC B^T, dB = A^T dC.
      for row in stride(from: 0, to: rows, by: max(1, rows / 5)) {
        let wanted = Reference.product(
          rows: 1, columns: inner, inner: columns, a: doubles(dc + row * columns, columns)
        ) { Double(b[$1 * columns + $0]) }
        #expect(relativeError(doubles(da + row * inner, inner), wanted) < tolerance)
      }
      for k in stride(from: 0, to: inner, by: max(1, inner / 5)) {
        let wanted = Reference.product(
          rows: 1, columns: columns, inner: rows, a: (0..<rows).map { Double(a[$0 * inner + k]) }
        ) { Double(dc[$0 * columns + $1]) }
        #expect(relativeError(doubles(db + k * columns, columns), wanted) < tolerance)
      }
    }
  }

  @Test(arguments: [(1, 1), (3, 7), (35, 16), (4, 67)])
  func rmsNorm(rows: Int, channels: Int) {
    withArena { arena in
      let (stride, epsilon) = (channels + 2, 1e-3)
      let (x, dy) = (arena.random(rows * stride, scale: 2), arena.random(rows * stride))
      let weight = arena.random(channels)
      let (y, rstd) = (arena.filled(rows * stride), arena.filled(rows))
      let (dx, dweight) = (arena.filled(rows * stride, 0.5), arena.filled(channels, 0.5))
      compute.rmsNorm(
        rows: rows, channels: channels, x: x, xStride: stride, weight: weight,
        epsilon: Float(epsilon), y: y, yStride: stride, rstd: rstd)
      compute.rmsNormBackward(
        rows: rows, channels: channels, x: x, xStride: stride, weight: weight, rstd: rstd, dy: dy,
        dyStride: stride, dx: dx, dxStride: stride, accumulation: .add, dweight: dweight)
      func read(_ pointer: UnsafePointer<Float>) -> [Double] {
        doubles(pointer, rows: rows, channels, stride: stride)
      }
      let (w, dys) = (doubles(weight, channels), read(dy))
      func reference(_ x: [Double], _ w: [Double]) -> [Double] {
        Reference.rmsNorm(channels: channels, x: x, weight: w, epsilon: epsilon)
      }
      #expect(relativeError(read(y), reference(read(x), w)) < tolerance)
      check(read(dx).map { $0 - 0.5 }, at: read(x)) { dot(reference($0, w), dys) }
      check(doubles(dweight, channels).map { $0 - 0.5 }, at: w) {
        dot(reference(read(x), $0), dys)
      }

      // In place, and written over dy: the same bits.
      let inPlace = arena.copy(dy, rows * stride)
      let fresh = arena.filled(rows * stride)
      for (gradient, to) in [(dy, fresh), (inPlace, inPlace)] {
        compute.rmsNormBackward(
          rows: rows, channels: channels, x: x, xStride: stride, weight: weight, rstd: rstd,
          dy: gradient, dyStride: stride, dx: to, dxStride: stride, accumulation: .set,
          dweight: dweight)
      }
      #expect(
        bits(fresh, rows: rows, channels, stride: stride)
          == bits(inPlace, rows: rows, channels, stride: stride))
      check(read(fresh), at: read(x)) { dot(reference($0, w), dys) }
    }
  }

  @Test(arguments: [(1, 1, 2), (3, 2, 10), (34, 3, 24)])
  func headNorm(rows: Int, heads: Int, size: Int) {
    withArena { arena in
      let (width, epsilon) = (heads * size, 1e-3)
      let stride = width + 5
      let (x, dy) = (arena.random(rows * stride, scale: 2), arena.random(rows * stride))
      let (weight, dweight) = (arena.random(size), arena.filled(size))
      let (y, rstd) = (arena.copy(x, rows * stride), arena.filled(rows * heads))
      compute.headNorm(
        rows: rows, heads: heads, headSize: size, x: y, xStride: stride, weight: weight,
        epsilon: Float(epsilon), rstd: rstd)
      let dx = arena.copy(dy, rows * stride)
      compute.headNormBackward(
        rows: rows, heads: heads, headSize: size, x: x, xStride: stride, weight: weight,
        rstd: rstd, dy: dx, dyStride: stride, dweight: dweight)
      func read(_ pointer: UnsafePointer<Float>) -> [Double] {
        doubles(pointer, rows: rows, width, stride: stride)
      }
      let (w, dys) = (doubles(weight, size), read(dy))
      func reference(_ x: [Double], _ w: [Double]) -> [Double] {
        Reference.rmsNorm(channels: size, x: x, weight: w, epsilon: epsilon)
      }
      #expect(relativeError(read(y), reference(read(x), w)) < tolerance)
      check(read(dx), at: read(x)) { dot(reference($0, w), dys) }
      check(doubles(dweight, size), at: w) { dot(reference(read(x), $0), dys) }
    }
  }

  @Test(arguments: [(1, 1, 2), (3, 2, 10), (34, 3, 24)])
  func rotary(rows: Int, heads: Int, size: Int) {
    withArena { arena in
      let (width, stride) = (heads * size, heads * size + 3)
      let table = RotaryTable(headSize: size, positions: 5000, theta: 10_000)
      let positions = (0..<rows).map { Int32($0 * 147 % 5000) }
      let (x, dy) = (arena.random(rows * stride), arena.random(rows * stride))
      let (y, dx) = (arena.copy(x, rows * stride), arena.copy(dy, rows * stride))
      compute.rotary(
        rows: rows, heads: heads, positions: positions, table: table, x: y, xStride: stride)
      compute.rotary(
        rows: rows, heads: heads, positions: positions, table: table, x: dx, xStride: stride,
        inverse: true)
      func read(_ pointer: UnsafePointer<Float>) -> [Double] {
        doubles(pointer, rows: rows, width, stride: stride)
      }
      func reference(_ x: [Double]) -> [Double] {
        Reference.rotary(
          heads: heads, headSize: size, positions: positions, theta: 10_000, x: x)
      }
      #expect(relativeError(read(y), reference(read(x))) < tolerance)
      let dys = read(dy)
      check(read(dx), at: read(x)) { dot(reference($0), dys) }
    }
  }

  @Test(arguments: [(1, 1), (3, 8), (33, 19)]) func swiglu(rows: Int, width: Int) {
    withArena { arena in
      let gateUp = arena.random(rows * 2 * width, scale: 6)
      let (act, dact) = (arena.filled(rows * width), arena.random(rows * width))
      let gradient = arena.filled(rows * 2 * width)
      compute.swiglu(rows: rows, width: width, gateUp: gateUp, act: act)
      compute.swigluBackward(
        rows: rows, width: width, gateUp: gateUp, dact: dact, dGateUp: gradient)
      let x = doubles(gateUp, rows * 2 * width)
      let reference = Reference.swiglu(width: width, gateUp: x)
      #expect(relativeError(doubles(act, rows * width), reference) < tolerance)
      let dy = doubles(dact, rows * width)
      check(doubles(gradient, rows * 2 * width), at: x) {
        dot(Reference.swiglu(width: width, gateUp: $0), dy)
      }

      // In place, as the doc comment allows: the same bits.
      let wantedBits = bits(gradient, rows * 2 * width)
      compute.swigluBackward(rows: rows, width: width, gateUp: gateUp, dact: dact, dGateUp: gateUp)
      #expect(bits(gateUp, rows * 2 * width) == wantedBits)
    }
  }

  @Test(arguments: [(1, 1), (40, 7), (3, 131)]) func bias(rows: Int, channels: Int) {
    withArena { arena in
      let stride = channels + 1
      let (x, bias) = (arena.random(rows * stride), arena.random(channels))
      let (y, dbias) = (arena.copy(x, rows * stride), arena.random(channels))
      let before = doubles(dbias, channels)
      compute.addBias(rows: rows, channels: channels, bias: bias, y: y, yStride: stride)
      compute.biasGradient(
        rows: rows, channels: channels, dy: x, dyStride: stride, dbias: dbias)
      for row in 0..<rows {
        for c in 0..<channels { #expect(y[row * stride + c] == x[row * stride + c] + bias[c]) }
        #expect(y[row * stride + channels] == x[row * stride + channels])
      }
      let wanted = (0..<channels).map { c in
        (0..<rows).reduce(before[c]) { $0 + Double(x[$1 * stride + c]) }
      }
      #expect(relativeError(doubles(dbias, channels), wanted) < tolerance)
    }
  }

  /// d (a log p(target) + b H) / d logits at a temperature.
  @Test(arguments: [1, 2, 8, 13, 40], [0.6, 1, 1.5])
  func softmaxHead(vocabulary: Int, temperature: Double) {
    withArena { arena in
      let logits = arena.random(vocabulary, scale: 5)
      let x = doubles(logits, vocabulary)
      let inverse = Float(1 / temperature)
      let statistics = compute.softmaxStatistics(
        vocabulary: vocabulary, logits: logits, inverseTemperature: inverse)
      for target in [0, vocabulary / 2, vocabulary - 1] {
        let wanted = Reference.head(logits: x, temperature: temperature, target: target)
        let found = statistics.logProbability(scaledLogit: logits[target] * inverse)
        #expect(abs(Double(found) - wanted.logProbability) < 1e-5)
        #expect(abs(Double(statistics.entropy) - wanted.entropy) < 1e-5)
        for (a, b) in [(1.0, 0.0), (-0.4, 0), (0, 1), (0.7, -0.3)] {
          let gradient = arena.copy(logits, vocabulary)
          compute.softmaxBackward(
            vocabulary: vocabulary, logits: gradient, inverseTemperature: inverse,
            statistics: statistics, target: Int32(target), logProbability: Float(a),
            entropy: Float(b))
          let wanted = CentralDifferences.gradient(at: x) {
            let head = Reference.head(logits: $0, temperature: temperature, target: target)
            return a * head.logProbability + b * head.entropy
          }
          // One token alone has no gradient: then the error is absolute.
          #expect(relativeError(doubles(gradient, vocabulary), wanted) < 2e-5)
        }
      }
    }
  }
}
