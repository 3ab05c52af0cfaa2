import HonePolicy
import HoneText

extension LoadedModel {
  /// The template that a name of the command line means; nil for no name.
  ///
  /// The model's own goes first, also under the name `model`.
  func template(named name: String?) throws(CommandError) -> PromptTemplate? {
    guard let name else { return nil }
    if let template, template.name == name || name == "model" { return template }
    if name == "model" {
      throw CommandError(
        .usage, "\(path): names no prompt template; give one with --template NAME")
    }
    do {
      return try PromptTemplate.named(name)
    } catch {
      throw CommandError(.usage, error.description)
    }
  }
}
