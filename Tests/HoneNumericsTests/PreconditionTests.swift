import HoneNumerics
import Testing

/// Programmer errors end the process rather than corrupt memory.
@Suite struct PreconditionTests {
  @Test func aBusyTeamRefusesAnotherRun() async {
    await #expect(processExitsWith: .failure) {
      let team = WorkerTeam(workers: 2)
      team.run(tasks: 2) { _ in team.run(tasks: 2) { _ in } }
    }
  }

  @Test func aTargetMustBeAToken() async {
    await #expect(processExitsWith: .failure) {
      var logits: [Float] = [0, 0, 0]
      Compute(workers: 1).softmaxBackward(
        vocabulary: 3, logits: &logits, inverseTemperature: 1,
        statistics: TokenStatistics(maximum: 0, sum: 3, entropy: 1), target: 3, logProbability: 1,
        entropy: 0)
    }
  }

  @Test func aPositionMustBeInTheTable() async {
    await #expect(processExitsWith: .failure) {
      var x: [Float] = [1, 2]
      Compute(workers: 1).rotary(
        rows: 1, heads: 1, positions: [8],
        table: RotaryTable(headSize: 2, positions: 8, theta: 10_000), x: &x, xStride: 2)
    }
  }

  @Test func sizesMustFit() async {
    await #expect(processExitsWith: .failure) { _ = WorkerTeam(workers: 0) }
    await #expect(processExitsWith: .failure) {
      _ = AttentionShape(heads: 3, keyValueHeads: 2, headSize: 4)
    }
    await #expect(processExitsWith: .failure) {
      _ = RotaryTable(headSize: 3, positions: 1, theta: 10_000)
    }
    await #expect(processExitsWith: .failure) {
      TensorBuffer(count: 2).copy(from: TensorBuffer(count: 3))
    }
    await #expect(processExitsWith: .failure) {
      _ = AdamWUpdate(
        learningRate: 1, beta1: 0.9, beta2: 0.9, epsilon: 1e-8, gradientScale: 1, count: 0)
    }
  }
}
