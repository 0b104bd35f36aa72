import SessionCore

/// Passes a request that names a model on to that model, and every other to the session's own.
public struct RoutingResponder: Responder {
  private let own: any Responder
  private let other: @Sendable (String) async -> (any Responder)?

  /// - Parameters:
  ///   - own: takes requests without a name.
  ///   - other: finds a model by its name; nil when there is none.
  public init(
    own: any Responder, other: @escaping @Sendable (String) async -> (any Responder)?
  ) {
    (self.own, self.other) = (own, other)
  }

  /// - Throws: ``ResponderFailure/noModel(_:)``, or what the model throws.
  public func begin(_ request: ReplyRequest) async throws(ResponderFailure) -> StartedReply {
    guard let name = request.model else { return try await own.begin(request) }
    guard let responder = await other(name) else { throw .noModel(name) }
    return try await responder.begin(request)
  }
}
