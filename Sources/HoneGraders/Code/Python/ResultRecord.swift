/// One report of a child of the warm interpreter.
///
/// What X reports are claims of a hostile process. Only ``value(_:)`` can help a solution, and it
/// has to be compared; ``passed``, ``failed(_:)``, ``lost`` and ``broken(_:)`` count from J alone.
package enum ResultRecord: Sendable, Equatable {
  /// The result of a call.
  case value(TypedValue)
  /// A result that cannot cross.
  case uncrossable(Uncrossable)
  /// The solution raised an exception.
  case raised(Stage, PythonFailure)
  /// The solution has no such name.
  case missing(String)
  /// The solution tried what it had no need to.
  case attempt(CodeAttempt)
  /// The source does not compile.
  case compileError(String)
  /// The source compiles; what it compiles to, as ``PythonProgram/code`` has it.
  case compiles(code: [UInt8])
  /// J: the test ran to its end.
  case passed
  /// J: an assertion failed, or the test's text raised because of a value.
  case failed(PythonFailure)
  /// J: the solution ended during a call, or answered with something else than an answer.
  case lost
  /// J: the test itself is at fault: it does not compile, fails before any call, or asks nothing
  /// of the solution.
  case broken(PythonFailure)

  /// When a solution raised.
  package enum Stage: String, Sendable {
    /// While its text was loaded.
    case load
    /// In a call.
    case call
  }

  /// A value that cannot cross, and why.
  package struct Uncrossable: Sendable, Equatable {
    /// Its type's name, at most 100 characters.
    package var type: String
    /// Whether its class looks made to deceive a comparison.
    package var isTrick: Bool
    /// What hinders it.
    package var reason: Reason

    /// Makes the report.
    package init(type: String, isTrick: Bool, reason: Reason) {
      self.type = type
      self.isTrick = isTrick
      self.reason = reason
    }

    /// What hinders a value.
    package enum Reason: String, Sendable {
      /// Its type, or that of something in it.
      case type
      /// It is nested too deep, or holds itself.
      case depth
      /// Its encoding goes past the output limit, or it is an iterator without an end.
      case size
    }
  }
}

/// An exception as Python describes it, each part bounded.
package struct PythonFailure: Sendable, Equatable {
  /// The exception's type, such as `ValueError`.
  package var type: String
  /// Its message.
  package var message: String
  /// The last line of its traceback; for a failed assertion without a message, the line itself.
  package var lastLine: String

  /// Makes a description.
  package init(type: String, message: String, lastLine: String) {
    self.type = type
    self.message = message
    self.lastLine = lastLine
  }
}

/// What a solution can have tried without need: the first sign that a policy learns to cheat.
package enum CodeAttempt: String, Sendable, CaseIterable {
  /// It ended the process while it was loaded or called.
  case earlyExit = "early-exit"
  /// It opened for writing, changed or removed something outside its scratch folder.
  case writeOutside = "write-outside"
  /// It reached for the network, other processes or other programs.
  case forbiddenCall = "forbidden-call"
  /// Its result's class redefines what it is equal to, or how it is shown.
  case equalityTrick = "equality-trick"
  /// It answered a test's call in the runner's place, with what the runner cannot have said.
  case forgedResult = "forged-result"
}
