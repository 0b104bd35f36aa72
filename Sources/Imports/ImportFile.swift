import Foundation

/// Opens a file of conversations.
public enum ImportFile {
  /// - Parameter path: `-` is standard input.
  /// - Returns: a source that reads on as it is asked, for all formats but
  ///   ``ImportFormat/llamaCLI``, whose file is read whole.
  /// - Throws: ``ImportError/unreadable(file:code:)`` and whatever is wrong with a file that is
  ///   read whole.
  public static func source(
    of format: ImportFormat, at path: String
  ) throws(ImportError) -> any ConversationSource {
    // A database is read here and there, never from its beginning to its end.
    if format == .llm {
      guard access(path, R_OK) == 0 else { throw .unreadable(file: path, code: errno) }
      return try LLMLogsImport(path)
    }
    let file = path == "-" ? "standard input" : path
    return try source(of: format, file: file, read: try FileChunks(path, file: file).next)
  }

  /// - Parameter read: gives the next bytes, none at the end.
  static func source(
    of format: ImportFormat, file: String, read: @escaping () throws(ImportError) -> [UInt8]
  ) throws(ImportError) -> any ConversationSource {
    switch format {
    case .sharegpt: ChatLines(file: file, read: read, format: ShareGPTImport.conversation)
    case .messages: ChatLines(file: file, read: read, format: MessagesImport.conversation)
    case .wildchat: ChatLines(file: file, read: read, format: WildChatImport.conversation)
    case .oasst: OpenAssistantImport(file: file, read: read)
    case .llamaCLI: try LlamaCLIImport(try all(read, file: file), file: file)
    case .llm: try LLMLogsImport(file)
    }
  }

  private static func all(
    _ read: () throws(ImportError) -> [UInt8], file: String
  ) throws(ImportError) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let next = try read()
      guard !next.isEmpty else { return bytes }
      bytes += next
      guard bytes.count <= ImportLimits.textFileBytesMax else {
        throw .fileTooLarge(file: file, bytesMax: ImportLimits.textFileBytesMax)
      }
    }
  }
}

/// The bytes of a file, a piece at a time.
private final class FileChunks {
  private let descriptor: Int32
  private let file: String

  /// - Parameter file: what errors call it.
  init(_ path: String, file: String) throws(ImportError) {
    self.file = file
    descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(file: path, code: errno) }
  }

  deinit { if descriptor > STDIN_FILENO { close(descriptor) } }

  func next() throws(ImportError) -> [UInt8] {
    while true {
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let count = Foundation.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(file: file, code: errno) }
      return Array(buffer.prefix(count))
    }
  }
}
