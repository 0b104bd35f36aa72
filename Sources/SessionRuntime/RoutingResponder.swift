import SessionCore

/// Passes each request on to the model it names, and one without a name to the session's own.
public struct RoutingResponder: Responder {
  private let writer: @Sendable (String?) async -> (any Responder)?

  /// - Parameter writer: finds a model by its name, the session's own by nil; nil when there is none.
  public init(_ writer: @escaping @Sendable (String?) async -> (any Responder)?) {
    self.writer = writer
  }

  /// - Parameters:
  ///   - own: takes requests without a name.
  ///   - other: finds a model by its name; nil when there is none.
  public init(
    own: any Responder, other: @escaping @Sendable (String) async -> (any Responder)?
  ) {
    self.init { name in
      guard let name else { return own }
      return await other(name)
    }
  }

  /// - Throws: ``ResponderFailure/noModel(_:)``, or what the model throws.
  public func begin(_ request: ReplyRequest) async throws(ResponderFailure) -> StartedReply {
    guard let responder = await writer(request.model) else {
      throw .noModel(request.model ?? "")
    }
    return try await responder.begin(request)
  }
}
