import CSandbox
import Glibc
import Synchronization

/// A sandbox that is a keeper: a small process that contains everything it starts.
///
/// One job runs at a time. A keeper ends, and removes all that it has made, when its last owner lets
/// it go, and also when this process ends in whatever way: it notices the end of the conversation.
package final class KeeperSandbox: SandboxRunner {
  /// The layers at work.
  package let layers: IsolationLayers
  /// The level of the isolation; see ``IsolationLayers/level(isRoot:)``.
  package let isolation: Int
  /// The user id that programs have outside.
  package let user: UInt32

  private let keeper: pid_t
  private let socket: KeeperSocket
  private let turn = Mutex(())
  private let interpreterDefect: SandboxFailure?

  /// Starts a keeper and waits until it is ready, some 50 ms.
  ///
  /// - Parameters:
  ///   - setup: What it is told.
  ///   - interpreterDefect: Why there is no interpreter: the failure of every job that needs one.
  package init(
    _ setup: KeeperSetup, interpreterDefect: SandboxFailure? = nil
  ) throws(SandboxFailure) {
    self.interpreterDefect = interpreterDefect
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
      throw SandboxFailure(message: "no socket for a keeper: \(String(cString: strerror(errno)))")
    }
    var keeper: pid_t = 0
    let error = csandbox_start(ends[1], &keeper)
    close(ends[1])
    guard error == 0 else {
      close(ends[0])
      throw SandboxFailure(message: "a keeper cannot start: \(String(cString: strerror(error)))")
    }
    let socket = KeeperSocket(descriptor: ends[0])
    do throws(SandboxFailure) {
      let ready = try Self.greet(socket, setup)
      layers = IsolationLayers(rawValue: ready.layers)
      isolation = layers.level(isRoot: geteuid() == 0)
      user = ready.user
    } catch {
      close(ends[0])
      csandbox_wait(keeper)
      throw error
    }
    self.keeper = keeper
    self.socket = socket
  }

  deinit {
    close(socket.descriptor)
    csandbox_wait(keeper)
  }

  private static func greet(
    _ socket: KeeperSocket, _ setup: KeeperSetup
  ) throws(SandboxFailure) -> csandbox_ready {
    let strings = Self.terminated(setup.readablePaths + setup.interpreter)
    var message = KeeperSocket.Message()
    message.append(
      csandbox_setup(
        layers: setup.layers.rawValue, path_count: UInt32(setup.readablePaths.count),
        argument_count: UInt32(setup.interpreter.count), byte_count: UInt32(strings.count),
        driver_length: UInt32(setup.driver.count)))
    message.append(strings)
    message.append(setup.driver)
    try socket.send(message)
    let ready = try socket.receive(csandbox_ready.self)
    let text = try socket.receive(Int(ready.message_length))
    guard ready.failed == 0 else {
      throw SandboxFailure(message: "a keeper failed at: \(String(decoding: text, as: UTF8.self))")
    }
    return ready
  }

  /// Strings, each ended by NUL; what is behind a NUL of their own is cut off.
  private static func terminated(_ strings: [String]) -> [UInt8] {
    strings.flatMap { Array($0.utf8.prefix { $0 != 0 }) + [0] }
  }

  // MARK: - Jobs

  package func run(_ job: SandboxJob) throws(SandboxFailure) -> SandboxOutcome {
    if case .python = job.program { try needInterpreter() }
    var message = KeeperSocket.Message()
    message.append(csandbox_request(kind: UInt32(CSANDBOX_RUN), job_count: 1))
    message.append(job, isJudge: false)
    return try converse(message, outcomes: 1)[0].outcome
  }

  package func run(
    _ job: SandboxJob, judgedBy judge: SandboxJob
  ) throws(SandboxFailure) -> (program: SandboxOutcome, judge: SandboxOutcome) {
    try needInterpreter()
    var message = KeeperSocket.Message()
    message.append(csandbox_request(kind: UInt32(CSANDBOX_JUDGE), job_count: 2))
    message.append(job, isJudge: false)
    message.append(judge, isJudge: true)
    var answers = try converse(message, outcomes: 2)
    // The judge is done and the program was still serving: that it was then ended is not its fault.
    // One that died by itself at that very moment keeps its own ending.
    if answers[0].endedLast, answers[0].outcome.ending == .signalled(SIGKILL) {
      answers[0].outcome.ending = .exited(0)
    }
    return (answers[0].outcome, answers[1].outcome)
  }

  package func check(_ source: String) throws(SandboxFailure) -> SourceCheck {
    try needInterpreter()
    var message = KeeperSocket.Message()
    message.append(csandbox_request(kind: UInt32(CSANDBOX_CHECK), job_count: 1))
    message.append(StandingChecker.job(source), isJudge: true)
    return try StandingChecker.finding(converse(message, outcomes: 1)[0].outcome)
  }

  private func needInterpreter() throws(SandboxFailure) {
    if let interpreterDefect { throw interpreterDefect }
  }

  private func converse(
    _ message: KeeperSocket.Message, outcomes count: Int
  ) throws(SandboxFailure) -> [(outcome: SandboxOutcome, endedLast: Bool)] {
    try turn.withLock { _ throws(SandboxFailure) in
      try socket.send(message)
      var answers: [(outcome: SandboxOutcome, endedLast: Bool)] = []
      var failure: SandboxFailure?
      for _ in 0..<count {
        let header = try socket.receive(csandbox_outcome.self)
        let output = try socket.receive(Int(header.output_length))
        let errors = try socket.receive(Int(header.errors_length))
        let results = try socket.receive(Int(header.results_length))
        let collected = try socket.receive(Int(header.collected_length))
        guard let ending = SandboxOutcome.Ending(header) else {
          failure = SandboxFailure(message: String(decoding: errors, as: UTF8.self))
          continue
        }
        let outcome = SandboxOutcome(
          ending: ending, output: output, errors: errors, results: results,
          collected: header.is_collected == 0 ? nil : collected, cpuSeconds: header.cpu_seconds,
          wallSeconds: header.wall_seconds, peakBytes: Int(header.peak_bytes))
        answers.append((outcome, header.ended_last != 0))
      }
      if let failure { throw failure }
      return answers
    }
  }
}

extension SandboxOutcome.Ending {
  /// How a job ended, or nil for a failure of the machinery.
  fileprivate init?(_ header: csandbox_outcome) {
    switch Int(header.ending) {
    case CSANDBOX_EXITED: self = .exited(header.code)
    case CSANDBOX_SIGNALLED: self = .signalled(header.code)
    case CSANDBOX_CPU_LIMIT: self = .cpuLimit
    case CSANDBOX_WALL_LIMIT: self = .wallLimit
    case CSANDBOX_OUTPUT_LIMIT: self = .outputLimit
    case CSANDBOX_MEMORY_LIMIT: self = .memoryLimit
    case CSANDBOX_FORBIDDEN: self = .forbiddenCall
    default: return nil
    }
  }
}

extension KeeperSocket.Message {
  fileprivate mutating func append(_ job: SandboxJob, isJudge: Bool) {
    var source: [UInt8] = []
    var arguments: [UInt8] = []
    var count = 0
    switch job.program {
    case .python(let bytes): source = bytes
    case .command(let words):
      arguments = words.flatMap { Array($0.utf8.prefix { $0 != 0 }) + [0] }
      count = words.count
    }
    let isCommand = if case .command = job.program { true } else { false }
    var files = KeeperSocket.Message()
    for file in job.files {
      let name = Array(file.name.utf8)
      files.append(
        csandbox_file(
          name_length: UInt32(name.count), is_executable: file.isExecutable ? 1 : 0,
          length: UInt64(file.bytes.count)))
      files.append(name)
      files.append(file.bytes)
    }
    let collect = Array((job.collect ?? "").utf8)
    append(
      csandbox_job(
        kind: UInt32(isCommand ? CSANDBOX_COMMAND : CSANDBOX_PYTHON),
        argument_count: UInt32(count), file_count: UInt32(job.files.count),
        processes: UInt32(job.limits.processes), open_files: UInt32(job.limits.openFiles),
        is_judge: isJudge ? 1 : 0, cpu_seconds: job.limits.cpuSeconds,
        memory_bytes: UInt64(job.limits.memoryBytes), output_bytes: UInt64(job.limits.outputBytes),
        file_bytes: UInt64(job.limits.fileBytes), job_length: UInt64(source.count),
        input_length: UInt64(job.input.count), arguments_length: UInt64(arguments.count),
        files_length: UInt64(files.bytes.count), collect_length: UInt64(collect.count)))
    append(source)
    append(job.input)
    append(arguments)
    append(files.bytes)
    append(collect)
  }
}
