import Foundation
import HoneNumerics
import Testing

@Suite struct OptimizerTests {
  /// Ten updates against the paper's algorithm in double, at sizes with and without a tail.
  @Test(arguments: [7, 8, 1003, 20_001], [(0.9, 0.999), (0.9, 0.95), (0, 0.99)])
  func adamWIsThePapers(count: Int, betas: (Double, Double)) {
    let compute = Compute(workers: 2)
    withArena(seed: UInt64(count)) { arena in
      let (rate, decay, clip, epsilon) = (1e-3, 0.1, 0.37, 1e-8)
      // Parameters as small as their updates: their own rounding would hide an update's error.
      let parameters = arena.random(count, scale: 1e-3)
      let (first, second) = (arena.filled(count), arena.filled(count))
      var references = (0..<count).map { Reference.AdamW(parameter: Double(parameters[$0])) }
      for step in 1...10 {
        let gradients = arena.random(count, scale: 2)
        let update = AdamWUpdate(
          learningRate: rate, beta1: betas.0, beta2: betas.1, epsilon: epsilon,
          gradientScale: clip, count: step)
        compute.adamW(
          update, count: count, weightDecay: decay, parameters: parameters, gradients: gradients,
          firstMoment: first, secondMoment: second)
        for index in 0..<count {
          references[index].update(
            gradient: Double(gradients[index]) * clip, count: step, learningRate: rate,
            beta1: betas.0, beta2: betas.1, epsilon: epsilon, weightDecay: decay)
        }
        #expect(relativeError(doubles(first, count), references.map(\.first)) < 1e-6)
        #expect(relativeError(doubles(second, count), references.map(\.second)) < 1e-6)
        #expect(relativeError(doubles(parameters, count), references.map(\.parameter)) < 2e-6)
      }
    }
  }

  /// Wherever it is: in a whole vector, in the tail, in the last of many chunks.
  @Test(arguments: [(1, 0), (9, 8), (40_000, 39_999), (16, 3)])
  func whatIsNotFiniteIsTold(count: Int, place: Int) {
    let compute = Compute(workers: 2)
    func isFinite(
      gradient: Float = 0.5, parameter: Float = 1, moment: Float = 0, rate: Double = 1e-3,
      epsilon: Double = 1e-8
    ) -> Bool {
      withArena { arena in
        let (parameters, gradients) = (arena.filled(count, 1), arena.filled(count, 0.5))
        let (first, second) = (arena.filled(count), arena.filled(count))
        gradients[place] = gradient
        parameters[place] = parameter
        second[place] = moment
        return compute.adamW(
          AdamWUpdate(
            learningRate: rate, beta1: 0.9, beta2: 0.999, epsilon: epsilon, gradientScale: 1,
            count: 1),
          count: count, weightDecay: 0, parameters: parameters, gradients: gradients,
          firstMoment: first, secondMoment: second)
      }
    }
    #expect(isFinite())
    // Lanes behind the end hold zeros; 0 / 0 there is nobody's.
    #expect(isFinite(epsilon: 0))
    #expect(isFinite(parameter: 3e38, rate: 1e-30))
    #expect(!isFinite(gradient: .nan))
    #expect(!isFinite(gradient: .infinity))
    #expect(!isFinite(gradient: 1e25))  // its square
    #expect(!isFinite(parameter: .infinity))
    #expect(!isFinite(moment: .nan))
    #expect(!isFinite(rate: 1e300))
  }

  @Test func aParameterWithoutGradientOnlyDecays() {
    let compute = Compute(workers: 1)
    withArena { arena in
      let parameters = arena.filled(9, 2)
      let (gradients, first, second) = (arena.filled(9), arena.filled(9), arena.filled(9))
      let update = AdamWUpdate(
        learningRate: 0.25, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, gradientScale: 1, count: 1)
      compute.adamW(
        update, count: 9, weightDecay: 0.5, parameters: parameters, gradients: gradients,
        firstMoment: first, secondMoment: second)
      #expect(bits(parameters, 9).allSatisfy { $0 == Float(1.75).bitPattern })
      #expect(bits(first, 9) + bits(second, 9) == [UInt32](repeating: 0, count: 18))
    }
  }

  @Test(arguments: [0, 1, 7, 8, 9, 16_384, 16_385, 100_003]) func sumOfSquares(count: Int) {
    let compute = Compute(workers: 2)
    withArena { arena in
      let x = arena.random(count, scale: 3)
      let wanted = doubles(x, count).reduce(0) { $0 + $1 * $1 }
      #expect(abs(compute.sumOfSquares(count: count, x) - wanted) <= 1e-13 * wanted)
    }
  }

  /// Squares that fp32 could not hold, and a NaN that must not be lost.
  @Test func sumOfSquaresHoldsExtremes() {
    let compute = Compute(workers: 2)
    withArena { arena in
      let large = arena.filled(3, 3e38)
      #expect(abs(compute.sumOfSquares(count: 3, large) / 2.7e77 - 1) < 1e-6)
      let small = arena.filled(3, 0x1p-130)
      #expect(abs(compute.sumOfSquares(count: 3, small) / 0x3p-260 - 1) < 1e-12)
      let x = arena.filled(50_000, 1)
      x[40_001] = .nan
      #expect(compute.sumOfSquares(count: 50_000, x).isNaN)
    }
  }

  @Test(arguments: [0, 1, 7, 8, 9, 16_385, 40_003]) func add(count: Int) {
    let compute = Compute(workers: 2)
    withArena { arena in
      let (x, y) = (arena.random(count), arena.random(count))
      let wanted = (0..<count).map { (y[$0] + x[$0]).bitPattern }
      compute.add(count: count, x, to: y)
      #expect(bits(y, count) == wanted)
    }
  }
}
