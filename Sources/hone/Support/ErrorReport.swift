import ArgumentParser
import Foundation
import HoneGraders
import HoneJSON
import HoneNumerics
import HonePolicy
import HoneTasks
import HoneText
import HoneTraining

/// What a person and a script learn of an error: a message and an exit code.
struct ErrorReport {
  /// The exit code.
  var status: ExitStatus
  /// The message, without the word "error"; nil where there is nothing to say.
  var message: String?
  /// Text that is no error and belongs on standard output: help and the like.
  var help: String?

  /// The report of any error that a command throws.
  init(_ error: any Error) {
    switch error {
    case let error as CommandError:
      self.init(error.status, error.isQuiet ? nil : error.description)
    case let error as TrainingError:
      self.init(ExitStatus(rawValue: error.exitCode) ?? .internalFault, error.message)
    case let error as PolicyError:
      self.init(Self.status(of: error.kind), error.description)
    case let error as TaskError:
      self.init(Self.status(of: error), error.description)
    case let error as TextError:
      self.init(Self.status(of: error.kind), error.description)
    case let error as JSONError:
      self.init(Self.status(of: error.kind), error.description)
    case let error as MachineError:
      self.init(
        error.kind == .missingLibrary ? .missingFile : .inputOutput, error.description)
    case let error as GraderError:
      self.init(error.isUnsafe ? .unsafe : .usage, error.description)
    default:
      self.init(parser: error)
    }
  }

  private init(_ status: ExitStatus, _ message: String?) {
    self.status = status
    self.message = message
  }

  /// Errors of the argument parser, which also carries requests for help.
  private init(parser error: any Error) {
    let code = Hone.exitCode(for: error)
    if code.isSuccess {
      self.init(.fine, nil)
      help = Hone.fullMessage(for: error)
    } else if code == .validationFailure {
      // The parser's message, its usage lines and its pointer to --help.
      let text = Hone.fullMessage(for: error)
      self.init(.usage, text.hasPrefix("Error: ") ? String(text.dropFirst(7)) : text)
    } else if error is CocoaError || error is POSIXError {
      self.init(.inputOutput, error.systemReason)
    } else {
      self.init(.internalFault, "\(error); this is a defect of hone, please report it")
    }
  }

  /// Tells people on standard error (help on standard output); returns the exit code.
  func tell() -> ExitStatus {
    if let help {
      do {
        try Console(isMachine: false).say(StyledText(help), indent: 2)
      } catch {
        return ErrorReport(error).tell()
      }
    }
    if let message {
      // A run that was asked to stop and saved has done what it should.
      let isMishap = status != .interrupted && status != .terminated
      let word: StyledText = isMishap ? Terminal.error.style.red("error:") + " " : ""
      OutputStream.error.tell(word + StyledText(Self.indented(message)))
    }
    return status
  }

  /// The message with its further lines indented: a name with a line break in it must not pass for
  /// another message.
  private static func indented(_ message: String) -> String {
    // By scalars: a carriage return and a line feed are one character.
    message.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .map { index, scalars in
        let line = String(scalars)
        return index == 0 || line.isEmpty || line.hasPrefix("  ") ? line : "  " + line
      }.joined(separator: "\n")
  }

  private static func status(of kind: PolicyError.Kind) -> ExitStatus {
    switch kind {
    case .missingFile: .missingFile
    case .badData: .badData
    case .inputOutput: .inputOutput
    case .usage: .usage
    }
  }

  private static func status(of kind: TextError.Kind) -> ExitStatus {
    switch kind {
    case .malformed: .badData
    case .missingFile: .missingFile
    case .inputOutput: .inputOutput
    }
  }

  private static func status(of kind: JSONError.Kind) -> ExitStatus {
    switch kind {
    case .malformed: .badData
    case .missingFile: .missingFile
    case .inputOutput: .inputOutput
    }
  }

  private static func status(of error: TaskError) -> ExitStatus {
    // Without a file the error is about a name or a number of the command line.
    guard let file = error.file else { return .usage }
    return status(ofFile: file, otherwise: error.isUnreadable ? .inputOutput : .badData)
  }

  private static func status(ofFile file: String?, otherwise status: ExitStatus) -> ExitStatus {
    guard let file, !file.hasPrefix("<"), !FileManager.default.fileExists(atPath: file) else {
      return status
    }
    return .missingFile
  }
}
