/// Templates that files are known to carry wrongly, and what their models were trained on.
enum KnownTemplates {
  /// The template to use instead of a file's own; nil where the file's own is right.
  ///
  /// Files of BitNet b1.58 2B-4T carry a placeholder that their converter wrote (`Human: …`,
  /// `BITNETAssistant: `). The model was trained on `Role: text<|eot_id|>`, as the tokenizer
  /// settings published with it say.
  static func replacement(for source: String) -> String? {
    source.utf8.count < 4096 && source.contains("BITNETAssistant") ? bitNet2B4T : nil
  }

  static let bitNet2B4T =
    "{% for message in messages %}{% if loop.first %}{{ bos_token }}{% endif %}"
    + "{{ message['role'] | capitalize + ': ' + message['content'] | trim + '<|eot_id|>' }}"
    + "{% endfor %}{% if add_generation_prompt %}{{ 'Assistant: ' }}{% endif %}"
}
