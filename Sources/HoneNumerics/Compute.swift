public import CKernels

/// What computes: the kernels, the team of workers, and who multiplies matrices.
///
/// One owner at a time. Everything that runs on it is a pure function of its operands; the number of
/// workers changes no bit.
public final class Compute {
  /// The vector kernels.
  public let kernels: HoneKernels
  /// The workers.
  public let team: WorkerTeam
  /// Who computes forward products: decided by the machine, never by a shape or a batch.
  public let forwardMultiplier: MatrixMultiplier

  /// A compute device over `workers` threads.
  ///
  /// Raising `interruption` has what is being computed skipped.
  public init(
    workers: Int = WorkerTeam.defaultWorkers, kernels: HoneKernels = Kernels.active,
    forwardMultiplier: MatrixMultiplier? = nil, interruption: Interruption = Interruption()
  ) {
    self.kernels = kernels
    team = WorkerTeam(workers: workers, interruption: interruption)
    self.forwardMultiplier =
      forwardMultiplier ?? MatrixMultiplier.best(kernelName: String(cString: kernels.name))
  }

  /// Runs `body` over `0..<count` in chunks of `chunk` indices.
  public func forEachChunk(of count: Int, chunk: Int, _ body: (Range<Int>) -> Void) {
    let tasks = (count + chunk - 1) / chunk
    team.run(tasks: tasks) { task in
      body(task * chunk..<min(count, (task + 1) * chunk))
    }
  }
}
