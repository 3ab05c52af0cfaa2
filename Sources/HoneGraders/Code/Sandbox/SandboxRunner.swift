/// What a process in a sandbox may use; each bound is enforced outside the program.
package struct SandboxLimits: Sendable, Hashable {
  /// CPU seconds, user and system, of the process and of children that it has waited for; above 0.
  ///
  /// Others end with it, after four times as long by the clock and two seconds at the latest.
  package var cpuSeconds: Double
  /// Bytes of address space.
  package var memoryBytes: Int
  /// Bytes of standard output, of standard error and of the results, each.
  package var outputBytes: Int
  /// Processes and threads at one time.
  package var processes: Int
  /// Open files at one time.
  package var openFiles: Int
  /// Bytes of one file.
  package var fileBytes: Int

  /// Makes limits.
  package init(
    cpuSeconds: Double, memoryBytes: Int, outputBytes: Int, processes: Int = 32,
    openFiles: Int = 64, fileBytes: Int = 16 << 20
  ) {
    self.cpuSeconds = cpuSeconds
    self.memoryBytes = memoryBytes
    self.outputBytes = outputBytes
    self.processes = processes
    self.openFiles = openFiles
    self.fileBytes = fileBytes
  }
}

/// A file that is placed in the scratch before a program starts.
package struct SandboxFile: Sendable, Hashable {
  /// Its name, without a folder.
  package var name: String
  /// What it holds.
  package var bytes: [UInt8]
  /// Whether it may be executed.
  package var isExecutable: Bool

  /// Makes a file.
  package init(name: String, bytes: [UInt8], isExecutable: Bool = false) {
    self.name = name
    self.bytes = bytes
    self.isExecutable = isExecutable
  }
}

/// One process in a sandbox, with everything that it is given.
package struct SandboxJob: Sendable {
  /// What is run.
  package enum Program: Sendable {
    /// A wire-encoded job, forked from the warm interpreter.
    case python([UInt8])
    /// A command that is executed; the first word is an absolute path, or one in the scratch
    /// (`./program`).
    case command([String])
  }

  /// What is run.
  package var program: Program
  /// Standard input.
  package var input: [UInt8]
  /// Files of the scratch, which is otherwise empty.
  package var files: [SandboxFile]
  /// A file of the scratch to bring back, or nil.
  package var collect: String?
  /// What it may use.
  package var limits: SandboxLimits

  /// Makes a job.
  package init(
    program: Program, input: [UInt8] = [], files: [SandboxFile] = [], collect: String? = nil,
    limits: SandboxLimits
  ) {
    self.program = program
    self.input = input
    self.files = files
    self.collect = collect
    self.limits = limits
  }
}

/// What a process in a sandbox left behind.
package struct SandboxOutcome: Sendable {
  /// How it ended.
  package enum Ending: Sendable, Hashable {
    /// By itself, with an exit code.
    case exited(Int32)
    /// By a signal, other than for one of the reasons below.
    case signalled(Int32)
    /// It used up its CPU time.
    case cpuLimit
    /// It took far longer by the clock than its CPU time allows.
    case wallLimit
    /// It wrote more than it may.
    case outputLimit
    /// It was ended for the memory it took.
    case memoryLimit
    /// It made a call of the system that is forbidden.
    case forbiddenCall
  }

  /// How it ended.
  package var ending: Ending
  /// Standard output, standard error and the results, each up to the limit.
  package var output: [UInt8]
  /// Standard error, up to the limit.
  package var errors: [UInt8]
  /// The results, up to the limit.
  package var results: [UInt8]
  /// The file that was to be brought back; nil where there is none.
  package var collected: [UInt8]?
  /// CPU seconds used, user and system.
  package var cpuSeconds: Double
  /// Seconds by the clock.
  package var wallSeconds: Double
  /// Largest resident size in bytes.
  package var peakBytes: Int

  /// Makes an outcome.
  package init(
    ending: Ending, output: [UInt8] = [], errors: [UInt8] = [], results: [UInt8] = [],
    collected: [UInt8]? = nil, cpuSeconds: Double = 0, wallSeconds: Double = 0, peakBytes: Int = 0
  ) {
    self.ending = ending
    self.output = output
    self.errors = errors
    self.results = results
    self.collected = collected
    self.cpuSeconds = cpuSeconds
    self.wallSeconds = wallSeconds
    self.peakBytes = peakBytes
  }
}

/// What a compiler says of a Python program.
package enum SourceCheck: Sendable, Hashable {
  /// It compiles; see ``PythonProgram/code``.
  case compiles(code: [UInt8])
  /// It does not; why.
  case defect(String)
}

/// The machinery's own failure: what was to be judged stays unscored.
package struct SandboxFailure: Error, Sendable, Hashable {
  /// What went wrong.
  package var message: String

  /// Makes a failure.
  package init(message: String) { self.message = message }
}

/// A sandbox that runs one job after another, each from the same clean state.
package protocol SandboxRunner: AnyObject, Sendable {
  /// Runs a job to its end.
  func run(_ job: SandboxJob) throws(SandboxFailure) -> SandboxOutcome

  /// Runs two warm Python jobs that are joined by a link: a program that serves calls, and a
  /// judge that makes them.
  func run(
    _ job: SandboxJob, judgedBy judge: SandboxJob
  ) throws(SandboxFailure) -> (program: SandboxOutcome, judge: SandboxOutcome)

  /// Whether a Python program compiles; nothing of it is run.
  func check(_ source: String) throws(SandboxFailure) -> SourceCheck

  /// The strength of the isolation: 3 namespaces and all else, 2 no namespaces, 1 a filter of
  /// system calls and limits, 0 limits alone.
  var isolation: Int { get }
}
