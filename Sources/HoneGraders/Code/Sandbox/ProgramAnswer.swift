import Foundation

/// What a program of this machine writes when it is asked something, such as its version.
///
/// Not for programs of a policy. Foundation's `Process` waits on threads of its own, and for ever where
/// the system refuses them; here nothing waits but the caller.
enum ProgramAnswer {
  /// How asking ended.
  enum Ending {
    /// It ended by itself, with a status and what it wrote to standard output.
    case ended(status: Int32, output: String)
    /// It was not let speak: it was killed, or the system would not start it.
    case trouble(String)
  }

  /// Runs a program with nothing to read, and waits for its end.
  static func of(_ path: String, _ arguments: [String]) -> Ending {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return .trouble("no pipe: \(reason(errno))") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    let (process, error) = start(path, arguments, output: ends[1])
    close(ends[1])
    guard error == 0 else { return .trouble("it cannot be started: \(reason(error))") }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(ends[0], &buffer, buffer.count)
      if count > 0 {
        output += buffer.prefix(count)
      } else if count == 0 || errno != EINTR {
        break
      }
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { return .trouble("it cannot be waited for: \(reason(errno))") }
    }
    let signal = status & 0x7F
    guard signal == 0 else { return .trouble("it was ended by signal \(signal)") }
    return .ended(status: status >> 8 & 0xFF, output: String(decoding: output, as: UTF8.self))
  }

  private static func start(
    _ path: String, _ arguments: [String], output: Int32
  ) -> (process: pid_t, error: Int32) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var process: pid_t = 0
    let error = posix_spawn(&process, path, &actions, nil, words, environ)
    return (process, error)
  }

  private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
