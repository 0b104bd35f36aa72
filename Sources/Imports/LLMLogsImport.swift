import Databases
import StrictJSON
import SessionCore

/// The `logs.db` of simonw/llm: both the `responses` of releases before 0.32 and the `threads`
/// since.
///
/// Sources: the tables that llm 0.36 makes (`llm/migrations.py`), and how it joins fragments to
/// prompts (`llm/models.py`, `llm/logs.py`). A thread keeps all its branches. Attachments, calls
/// of tools, thoughts and numbers of tokens are not read.
struct LLMLogsImport: ConversationSource {
  /// What becomes a conversation.
  private enum Unit {
    case thread(id: String, title: String?)
    case conversation(id: String, title: String?, model: String?)
    /// A response that belongs to no conversation.
    case response(id: String)
  }

  private let file: String
  private let rows: RowReader
  /// Of the table `responses`; some came with later releases.
  private let columns: Set<String>
  private let hasFragments: Bool
  private var units: ArraySlice<Unit>
  private var record = 0

  init(_ path: String) throws(ImportError) {
    file = path
    do throws(DatabaseError) {
      rows = try RowReader(path)
      columns = try rows.columns(of: "responses")
      hasFragments = try !rows.columns(of: "prompt_fragments").isEmpty
      let hasThreads = try rows.columns(of: "parts").contains("message_hash")
      guard hasThreads || columns.contains("response") else {
        throw DatabaseError(path: path, reason: "no table that llm keeps its logs in")
      }
      units = try Self.units(rows, hasThreads: hasThreads, columns)[...]
    } catch {
      throw .database(file: path, reason: error.reason)
    }
  }

  mutating func next() throws(ImportError) -> ImportedConversation? {
    guard let unit = units.popFirst() else { return nil }
    record += 1
    do {
      switch unit {
      case .thread(let id, let title): return try thread(id, title)
      case .conversation(let id, let title, let model):
        return try responses(where: "conversation_id", id, title: title, model: model)
      case .response(let id): return try responses(where: "id", id, title: nil, model: nil)
      }
    } catch let error as DatabaseError {
      throw .database(file: file, reason: error.reason)
    } catch let error as FieldFault {
      throw .invalid(ImportFault(file: file, line: record, field: error.field, error.reason))
    } catch {
      preconditionFailure("an error of neither type: \(error)")
    }
  }

  /// Threads first; what the older table has of the same conversations is in them.
  private static func units(
    _ rows: RowReader, hasThreads: Bool, _ columns: Set<String>
  ) throws(DatabaseError) -> [Unit] {
    var units: [Unit] = []
    var known: Set<String> = []
    if hasThreads {
      for row in try rows.rows("SELECT id, name FROM threads ORDER BY datetime_utc, id") {
        guard let id = row.text("id") else { continue }
        known.insert(id)
        units.append(.thread(id: id, title: row.text("name")))
      }
    }
    guard columns.contains("response") else { return units }
    let conversations = try rows.rows(
      """
      SELECT conversation_id AS id, min(datetime_utc) AS begun, c.name AS name, c.model AS model
      FROM responses LEFT JOIN conversations c ON c.id = conversation_id
      WHERE conversation_id IS NOT NULL GROUP BY conversation_id ORDER BY begun, conversation_id
      """)
    for row in conversations {
      guard let id = row.text("id"), !known.contains(id) else { continue }
      units.append(.conversation(id: id, title: row.text("name"), model: row.text("model")))
    }
    let alone = try rows.rows(
      "SELECT id FROM responses WHERE conversation_id IS NULL ORDER BY datetime_utc, id")
    return units + alone.compactMap { row in row.text("id").map { .response(id: $0) } }
  }
}

// MARK: - Before 0.32: a row an exchange

extension LLMLogsImport {
  private func responses(
    where column: String, _ id: String, title: String?, model: String?
  ) throws -> ImportedConversation {
    var conversation = ImportedConversation(line: record)
    conversation.name = id
    conversation.title = title
    conversation.model = model
    var last: Int?
    let exchanges = try rows.rows(
      "SELECT * FROM responses WHERE \(column) = ? ORDER BY datetime_utc, id", [.text(id)])
    for row in exchanges {
      let id = row.text("id") ?? ""
      let facts = ImportedConversation.Facts(
        time: row.text("datetime_utc").flatMap { LooseTime.parse($0) },
        model: row.text("resolved_model") ?? row.text("model"))
      let system = try joined(row.text("system"), id, "system_fragments", by: "\n\n")
      if !system.isEmpty, last == nil || conversation.messages.first?.text != system {
        last = try conversation.add(.system, system, under: last, facts)
      }
      let prompt = try joined(row.text("prompt"), id, "prompt_fragments", by: "\n")
      for _ in 0..<(try attachments(of: id)) { conversation.drop(.part) }
      last = try conversation.add(.user, prompt, under: last, facts)
      last = try conversation.add(.assistant, row.text("response") ?? "", under: last, facts)
    }
    return conversation
  }

  /// The fragments of a prompt stand before what was typed.
  private func joined(
    _ typed: String?, _ response: String, _ table: String, by separator: String
  ) throws(DatabaseError) -> String {
    var parts: [String] = []
    if hasFragments {
      parts = try rows.rows(
        """
        SELECT f.content AS text FROM \(table) p JOIN fragments f ON f.id = p.fragment_id
        WHERE p.response_id = ? ORDER BY p."order"
        """, [.text(response)]
      ).compactMap { $0.text("text") }
    }
    return (parts + [typed ?? ""]).filter { !$0.isEmpty }.joined(separator: separator)
  }

  private func attachments(of response: String) throws(DatabaseError) -> Int {
    guard try !rows.columns(of: "prompt_attachments").isEmpty else { return 0 }
    return try rows.rows(
      "SELECT attachment_id FROM prompt_attachments WHERE response_id = ?", [.text(response)]
    ).count
  }
}

// MARK: - Since 0.32: a row a message, each under the one before

extension LLMLogsImport {
  private func thread(_ id: String, _ title: String?) throws -> ImportedConversation {
    var conversation = ImportedConversation(line: record)
    conversation.name = id
    conversation.title = title
    var places: [String: Int?] = [:]
    let turns = try rows.rows(
      """
      SELECT tip_message_hash AS tip, coalesce(resolved_model, model) AS model, datetime_utc
      FROM turns WHERE thread_id = ? ORDER BY datetime_utc, id
      """, [.text(id)])
    for turn in turns {
      guard let tip = turn.text("tip") else { continue }
      let facts = ImportedConversation.Facts(
        time: turn.text("datetime_utc").flatMap { LooseTime.parse($0) }, model: turn.text("model"))
      let (path, start) = try chain(to: tip, known: places)
      var last = start
      for message in path {
        last = try add(message, under: last, facts, to: &conversation)
        places[message.hash] = last
      }
    }
    let tip = try rows.rows("SELECT tip_message_hash AS tip FROM threads WHERE id = ?", [.text(id)])
    if let tip = tip.first?.text("tip"), let place = places[tip] { conversation.head = place }
    return conversation
  }

  private struct ChainMessage {
    var hash: String
    var role: String
  }

  /// The messages from behind the last known one to `tip`, and the place of that one.
  private func chain(
    to tip: String, known: [String: Int?]
  ) throws -> (path: [ChainMessage], start: Int?) {
    var path: [ChainMessage] = []
    var next: String? = tip
    while let hash = next {
      if let place = known[hash] { return (path.reversed(), place) }
      // A file that names a message as its own ancestor would go on for ever.
      guard path.count < ImportLimits.messagesMax else {
        throw FieldFault(reason: .tooManyMessages(max: ImportLimits.messagesMax))
      }
      let row = try rows.rows(
        "SELECT parent_hash, role FROM messages WHERE hash = ?", [.text(hash)]
      ).first
      guard let row else {
        throw FieldFault(field: "messages.hash", reason: .unknownParent(hash))
      }
      path.append(ChainMessage(hash: hash, role: row.text("role") ?? ""))
      next = row.text("parent_hash")
    }
    return (path.reversed(), nil)
  }

  private func add(
    _ message: ChainMessage, under parent: Int?, _ facts: ImportedConversation.Facts,
    to conversation: inout ImportedConversation
  ) throws -> Int? {
    var texts: [String] = []
    let parts = try rows.rows(
      "SELECT type, text, payload FROM parts WHERE message_hash = ? ORDER BY position",
      [.text(message.hash)])
    for part in parts {
      if part.text("type") == "text" {
        texts.append(try part.text("text") ?? referred(part.text("payload") ?? ""))
      } else {
        conversation.drop(.part)
      }
    }
    let speaker = ImportedConversation.Speaker(word: message.role)
    // A call of a tool and nothing else: counted, and what follows follows what was before.
    if texts.isEmpty, speaker == .assistant { return parent }
    return try conversation.add(speaker, texts.joined(separator: "\n"), under: parent, facts)
  }

  /// Text that is kept as a list of fragments and literals.
  private func referred(_ payload: String) throws -> String {
    let value = try? JSONParser.parse(Array(payload.utf8)[...])  // checked right below
    guard let value, let pieces = JSONNode(value, path: "payload").optional("text_ref") else {
      throw FieldFault(field: "parts.payload", reason: .notJSON)
    }
    return try pieces.elements().map { piece -> String in
      if let literal = piece.optional("literal") { return try literal.text() }
      let id = piece.name("fragment").flatMap { Int($0) } ?? -1
      let row = try rows.rows("SELECT content FROM fragments WHERE id = ?", [.integer(id)]).first
      guard let text = row?.text("content") else {
        throw piece.fault(.unknownParent("fragment \(id)"))
      }
      return text
    }.joined()
  }
}

extension RowReader.Row {
  fileprivate func text(_ name: String) -> String? {
    if case .text(let text) = self[name] { text } else { nil }
  }
}
