import HoneJSON
import HoneText
import Testing

@Suite("Chat templates")
struct ChatTemplateTests {
  /// Rendered by transformers 5.24, whose `apply_chat_template` gave the prompt template's own bytes
  /// for questions with braces, quotes, backslashes, line ends of each kind and none.
  private static let tiny = #"""
    {%- for message in messages -%}
    {%- if message['content'] is string -%}
    {%- set text = message['content'] -%}
    {%- else -%}
    {%- set text = message['content'] | map(attribute='text') | join('') -%}
    {%- endif -%}
    {%- if message['role'] == 'system' and loop.first -%}
    {{- text + '\n\n' -}}
    {%- elif message['role'] == 'user' -%}
    {{- 'Q: ' -}}
    {{- text -}}
    {%- if add_generation_prompt or not loop.last -%}
    {{- '\nA:\n' -}}
    {%- endif -%}
    {%- elif message['role'] == 'assistant' -%}
    {{- text -}}{{- eos_token -}}
    {%- else -%}
    {{- raise_exception('this template knows user and assistant messages, and a system message at the beginning; seen: ' + message['role']) -}}
    {%- endif -%}
    {%- endfor -%}
    """#

  @Test func golden() {
    #expect(ChatTemplate(.tiny).source == Self.tiny)
  }

  @Test("a template's text is a literal, whatever it holds")
  func escaping() throws {
    let text = "{{ a }} {% b %} {# c #} 'd' \\n \t\r\n\u{85}\u{2028}é🙂 {question}}} \"e\""
    let template = try PromptTemplate(name: "hard", text: text)
    let source = ChatTemplate(template).source
    let before = #"{{- '{{ a }} {% b %} {# c #} \'d\' \\n \t\r\n\u0085\u2028é🙂 ' -}}"#
    #expect(source.contains("\n" + before + "\n{{- text -}}\n"))
    #expect(source.contains(#"{{- '}} "e"' -}}"#))
  }

  @Test("nothing before or behind the question is no literal at all")
  func plain() {
    let source = ChatTemplate(.plain).source
    #expect(source.contains("== 'user' -%}\n\n{{- text -}}"))
    #expect(source.contains(#"{{- '\n' -}}"#))
  }

  @Test("what the tokenizer puts before every text begins the chat")
  func prefix() throws {
    let tokenizer = try Goldens.tokenizer("llama3")
    let source = PromptTemplate.tiny.chatTemplate(for: tokenizer).source
    let ids = tokenizer.encode("", addSpecial: true)
    try #require(!ids.isEmpty)
    #expect(source == "{{- '\(tokenizer.decode(ids))' -}}" + Self.tiny)
  }
}
