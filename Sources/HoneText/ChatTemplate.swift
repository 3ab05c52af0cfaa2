/// A prompt template as a chat template in Jinja, the form that `chat_template.jinja` holds and that
/// `transformers`, TRL, vLLM and llama.cpp render.
///
/// One user message and the generation prompt give exactly what ``PromptTemplate/render(question:)``
/// gives. Beyond that, which the policy has not been trained on:
///
/// - a system message goes in front of the first prompt, with an empty line behind it;
/// - what the assistant said follows its prompt and ends with the tokenizer's end token, so that a
///   conversation of two messages is the sequence that supervised training sees;
/// - other roles are refused.
public struct ChatTemplate: Sendable, Hashable {
  /// The template's source, without a newline at its end.
  public let source: String

  /// The chat template of a prompt template.
  ///
  /// - Parameter prefix: What the tokenizer puts before every text (`<|begin_of_text|>`); those who
  ///   render a chat do not let the tokenizer add it.
  public init(_ template: PromptTemplate, prefix: String = "") {
    let (before, behind) = template.parts
    func literal(_ text: String) -> String {
      text.isEmpty ? "" : "{{- \(Self.literal(text)) -}}"
    }
    source =
      literal(prefix) + """
        {%- for message in messages -%}
        {%- if message['content'] is string -%}
        {%- set text = message['content'] -%}
        {%- else -%}
        {%- set text = message['content'] | map(attribute='text') | join('') -%}
        {%- endif -%}
        {%- if message['role'] == 'system' and loop.first -%}
        {{- text + \(Self.literal("\n\n")) -}}
        {%- elif message['role'] == 'user' -%}
        \(literal(before))
        {{- text -}}
        {%- if add_generation_prompt or not loop.last -%}
        \(literal(behind))
        {%- endif -%}
        {%- elif message['role'] == 'assistant' -%}
        {{- text -}}{{- eos_token -}}
        {%- else -%}
        {{- raise_exception('this template knows user and assistant messages, and a system \
        message at the beginning; seen: ' + message['role']) -}}
        {%- endif -%}
        {%- endfor -%}
        """
  }

  /// A text as a string literal of Jinja.
  ///
  /// Inside a literal no brace opens anything. Line ends must be escaped: Jinja makes them all alike.
  static func literal(_ text: String) -> String {
    var result = "'"
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "'": result += "\\'"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        // Separators that some readers of templates take for line ends, and control characters.
        let isPlain = scalar.value >= 0x20 && ![0x7F, 0x85, 0x2028, 0x2029].contains(scalar.value)
        if isPlain {
          result.unicodeScalars.append(scalar)
        } else {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      }
    }
    return result + "'"
  }
}

extension PromptTemplate {
  /// The chat template that renders one user message as this template renders a question.
  ///
  /// - Parameter tokenizer: What it puts before every text is part of the chat template.
  public func chatTemplate(for tokenizer: Tokenizer) -> ChatTemplate {
    ChatTemplate(self, prefix: tokenizer.decode(tokenizer.definition.prefix))
  }

  /// The texts before and behind the question.
  fileprivate var parts: (before: String, behind: String) {
    guard let range = text.firstRange(of: "{question}") else { return (text, "") }
    return (String(text[..<range.lowerBound]), String(text[range.upperBound...]))
  }
}
