import ArgumentParser
import HoneJSON
import HoneTraining

/// Finds the option (or verb) of a refused command line that there is not, and the one that was meant.
///
/// The parser takes the value of a misspelt option for an argument and may complain of that first
/// (`train r.yaml --ouput x`: two recipes?). So the command line is gone through once more, against
/// the options that the parser itself reports; a new verb or option needs nothing here.
struct UnknownOption {
  /// What a person is told; nil where every word is known.
  let message: String?

  /// Looks through the arguments of a command line that was refused.
  init(_ arguments: [String]) {
    message = Self.find(arguments)
  }

  private static func find(_ arguments: [String]) -> String? {
    guard var command = tree() else { return nil }
    var rest = arguments[...]
    var verb = "hone"
    while let first = rest.first,
      let next = command["subcommands"]?.array?.first(where: {
        $0["commandName"]?.string == first
      })
    {
      command = next
      verb += " \(first)"
      rest = rest.dropFirst()
    }
    let verbs = (command["subcommands"]?.array ?? []).compactMap { $0["commandName"]?.string }
    let first = rest.first
    let options = (command["arguments"]?.array ?? []).filter {
      $0["kind"]?.string != "positional"
    }
    while let argument = rest.popFirst(), argument != "--" {
      guard let name = optionName(argument) else { continue }
      guard let option = options.first(where: { names($0).contains(name) }) else {
        return everywhere.contains(name) ? nil : describe(argument, name, verb, options)
      }
      switch option["parsingStrategy"]?.string {
      case "allRemainingInput": return nil
      case "unconditional" where !argument.contains("="): rest = rest.dropFirst()
      default: break
      }
    }
    guard !verbs.isEmpty, let first, !first.hasPrefix("-") else { return nil }
    return describe(verb: first, of: verb, among: verbs)
  }

  /// Options of every verb, or of the command itself, that the parser does not always report.
  private static let everywhere: Set<String> = [
    "help", "h", "version", "help-hidden", "generate-completion-script", "experimental-dump-help",
  ]

  /// The commands with their options, as the parser describes them.
  private static func tree() -> JSON? {
    do {
      _ = try Hone.parseAsRoot(["--experimental-dump-help"])
      return nil
    } catch {
      return (try? JSON.parse(Hone.fullMessage(for: error)))?["command"]
    }
  }

  private static func names(_ option: JSON) -> [String] {
    (option["names"]?.array ?? []).compactMap { $0["name"]?.string }
  }

  /// The name in `--name`, `--name=value` or `-n`; nil for anything else, a negative number too.
  private static func optionName(_ argument: String) -> String? {
    guard argument.hasPrefix("-") else { return nil }
    let name = argument.drop { $0 == "-" }.prefix { $0 != "=" }
    guard let first = name.unicodeScalars.first, first.properties.isAlphabetic else { return nil }
    return String(name)
  }

  private static func describe(verb: String, of parent: String, among verbs: [String]) -> String {
    let nearest = EditDistance.nearest(to: verb, among: verbs)
    let tail = nearest.map { "; did you mean '\(parent) \($0)'?" }
    return "there is no '\(parent) \(verb.shown())'"
      + (tail ?? "; there are: \(verbs.joined(separator: ", "))")
      + "\n  See '\(parent) --help' for more information."
  }

  private static func describe(
    _ argument: String, _ name: String, _ verb: String, _ options: [JSON]
  ) -> String {
    let known = options.flatMap(names).filter { $0.utf8.count > 1 && $0 != "help" }
    let shown = argument.prefix { $0 != "=" }
    var text = "unknown option \(String(shown).shown()) of '\(verb)'"
    if let nearest = EditDistance.nearest(to: name, among: known + everywhere.sorted()) {
      text += "; did you mean --\(nearest)?"
    } else {
      text += "; known: \((known + ["help"]).map { "--\($0)" }.joined(separator: ", "))"
    }
    if known.contains("set") { text += "\n  Keys of the recipe are given with --set KEY=VALUE." }
    return text + "\n  See '\(verb) --help' for more information."
  }
}
