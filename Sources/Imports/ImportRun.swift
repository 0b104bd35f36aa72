import Foundation
import Journaling
import SessionCore

/// Writes conversations from elsewhere as journals into a folder: all of them or none.
///
/// Each journal is written under a name that ends in `.partial`, and all get their final names
/// only when the whole file has been read; whatever goes wrong before removes them again. A
/// killed import leaves `.partial` files, which nothing else reads and the next import replaces.
public final class ImportRun {
  private let format: ImportFormat
  private let file: String
  private let folder: String
  private let suffix: String
  private let application: String
  private let time: Timestamp
  private let newID: () -> String
  /// Records in the file so far, from 1.
  private var record = 0
  private var isDone = false
  public private(set) var summary = ImportSummary()

  /// - Parameters:
  ///   - file: the path of what is read; its last part goes into the records.
  ///   - folder: for the journals; it has to be there.
  ///   - suffix: of a journal's name.
  ///   - application: program name and version, for the records.
  ///   - time: for conversations without times.
  ///   - newID: makes a name no other session has.
  public init(
    _ format: ImportFormat, file: String, into folder: String, suffix: String,
    application: String, at time: Timestamp, newID: @escaping () -> String
  ) {
    self.format = format
    self.file = file == "-" ? "standard input" : file
    self.folder = folder
    self.suffix = suffix
    self.application = application
    self.time = time
    self.newID = newID
  }

  deinit { if !isDone { abandon() } }

  /// Reads everything `source` has and gives the journals their names.
  /// - Parameters:
  ///   - invalid: what to do about a conversation that is not as it should be: throw, and nothing
  ///     is imported, or return, and it is passed over.
  ///   - progress: called after each conversation, with how many were read.
  /// - Throws: ``ImportError``, after everything that was written is removed.
  public func takeAll(
    from source: inout some ConversationSource,
    invalid: (ImportFault) throws(ImportError) -> Void,
    progress: (Int) -> Void = { _ in }
  ) throws(ImportError) {
    do throws(ImportError) {
      while try takeNext(from: &source, invalid) { progress(record) }
      guard record > 0 else { throw .nothingToImport(file: file) }
      try giveNames()
    } catch {
      abandon()
      throw error
    }
  }

  /// Whether there was one.
  private func takeNext(
    from source: inout some ConversationSource, _ invalid: (ImportFault) throws(ImportError) -> Void
  ) throws(ImportError) -> Bool {
    do throws(ImportError) {
      guard let conversation = try source.next() else { return false }
      record += 1
      summary.count(conversation)
      if !conversation.messages.isEmpty { try write(conversation) }
    } catch {
      guard case .invalid(let fault) = error else { throw error }
      record += 1
      try invalid(fault)
      summary.invalid += 1
    }
    return true
  }

  private func write(_ conversation: ImportedConversation) throws(ImportError) {
    let path = path(of: summary.conversations)
    guard access(path, F_OK) != 0 else { throw .exists(path: path) }
    let bytes: [UInt8]
    do {
      bytes = try Journal.lines(
        of: ImportedJournal.entries(of: conversation, header: header(conversation), at: time),
        path: path)
    } catch {
      throw .journal(error)
    }
    try Self.write(bytes, to: path + ".partial")
  }

  private func header(_ conversation: ImportedConversation) -> SessionHeader {
    let named = conversation.messages.lazy.compactMap(\.facts.model).first
    return SessionHeader(
      id: newID(), title: title(conversation), seed: 1, sampling: Sampling(),
      model: conversation.model ?? named ?? "unknown", application: application,
      provenance: Provenance(
        imported: ImportOrigin(
          format: format.rawValue, file: Self.name(of: file), record: record,
          conversation: conversation.name,
          dropped: conversation.dropped.values.reduce(0, +))))
  }

  /// Its own title, or the beginning of its first question.
  private func title(_ conversation: ImportedConversation) -> String {
    if let title = conversation.title { return title }
    let question = conversation.messages.first { $0.role == .user } ?? conversation.messages.first
    let line = (question?.text ?? "").split(whereSeparator: \.isNewline).first ?? ""
    return line.count > 60 ? line.prefix(59) + "…" : String(line)
  }

  private func giveNames() throws(ImportError) {
    for number in stride(from: 1, through: summary.conversations, by: 1) {
      let path = path(of: number)
      guard rename(path + ".partial", path) == 0 else {
        let code = errno
        for done in stride(from: 1, to: number, by: 1) { unlink(self.path(of: done)) }
        throw .unwritable(path: path, code: code)
      }
    }
    isDone = true
  }

  private func abandon() {
    for number in stride(from: 1, through: summary.conversations, by: 1) {
      unlink(path(of: number) + ".partial")
    }
  }

  private func path(of number: Int) -> String {
    let digits = String(number)
    let fill = String(repeating: "0", count: max(0, 6 - digits.count))
    return "\(folder)/\(stem)-\(fill)\(digits)\(suffix)"
  }

  /// The file's name without its ending, of letters that are safe in a name.
  private var stem: String {
    let name = Self.name(of: file).split(separator: ".").first ?? "import"
    let safe = name.unicodeScalars.prefix(80).map { scalar -> Character in
      let isPlain = scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
      return isPlain || "-_".unicodeScalars.contains(scalar) ? Character(scalar) : "_"
    }
    return String(safe)
  }

  private static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// Conversations are private: a new file is readable by its owner only.
  private static func write(_ bytes: [UInt8], to path: String) throws(ImportError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .unwritable(path: path, code: errno) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        let code = errno
        _ = close(descriptor)
        throw .unwritable(path: path, code: code)
      }
      rest = rest.dropFirst(written)
    }
    guard close(descriptor) == 0 else { throw .unwritable(path: path, code: errno) }
  }
}
