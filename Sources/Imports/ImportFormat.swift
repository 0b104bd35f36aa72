/// The formats conversations can be read from; each is read in a file of its own.
public enum ImportFormat: String, CaseIterable, Sendable {
  case sharegpt, messages, wildchat, oasst
  /// The `logs.db` of simonw/llm.
  case llm
  case llamaCLI = "llama-cli"

  /// The format of that name.
  /// - Throws: ``ImportError/unknownFormat(_:known:)``.
  public init(named name: String) throws(ImportError) {
    guard let format = Self(rawValue: name) else {
      throw .unknownFormat(name, known: Self.allCases.map(\.rawValue))
    }
    self = format
  }
}

/// What an import accepts at most. What exceeds a limit is refused with its place.
public enum ImportLimits {
  /// Of one conversation as it stands in the file.
  public static let conversationBytesMax = 16 << 20
  /// Of one message: what still fits on a journal's line when every byte has to be escaped.
  public static let textBytesMax = 2 << 20
  public static let messagesMax = 100_000
  /// Levels of JSON values. A tree needs two a message.
  public static let depthMax = 1024
  /// Of a text file that is read whole.
  public static let textFileBytesMax = 64 << 20
}
