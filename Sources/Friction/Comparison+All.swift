import SessionCore

extension Comparison {
  /// The lines of one arm of one model.
  struct Group {
    var script: String
    var model: String
    var arm: String
    var lines: [AttemptLine]

    /// What moved its lines.
    var kind: FeedbackKind { FeedbackKind.common(lines.map(\.kind).filter { $0 != .none }) }
  }

  /// With more arms than this only comparisons with a control are made: all pairs would be a crowd.
  private static let armsMax = 10

  /// Every pair of arms of a model, and every pair of models under an arm, with p values adjusted
  /// by Holm within a script and measure.
  static func all(_ groups: [Group], _ bootstrap: Bootstrap) -> [Comparison] {
    let scripts = Set(groups.map(\.script)).sorted()
    return scripts.flatMap { script in
      let own = groups.filter { $0.script == script }.sorted {
        ($0.model, $0.arm) < ($1.model, $1.arm)
      }
      let found = arms(own, bootstrap) + models(own, bootstrap)
      return adjusted(found)
    }
  }

  private static func arms(_ groups: [Group], _ bootstrap: Bootstrap) -> [Comparison] {
    Set(groups.map(\.model)).sorted().flatMap { model in
      let arms = groups.filter { $0.model == model }
      return pairs(arms).flatMap { a, b in
        let isControl = isControl(a) || isControl(b)
        guard arms.count <= armsMax || isControl else { return [Comparison]() }
        let (first, second) = saysMore(a, than: b) ? (a, b) : (b, a)
        let isGain = saysMore(a, than: b) || saysMore(b, than: a)
        let measures: [Measure] = [.recovery, .loss] + (isGain ? [.success] : [])
        return measures.compactMap { measure in
          // A gain is read against the control.
          let (left, right) = measure == .success ? (first, second) : (a, b)
          return Comparison(
            measure, script: a.script, (model, left.arm, left.lines),
            (model, right.arm, right.lines), bootstrap)
        }
      }
    }
  }

  private static func models(_ groups: [Group], _ bootstrap: Bootstrap) -> [Comparison] {
    let models = Set(groups.map(\.model)).sorted()
    let arms = Set(groups.map(\.arm)).sorted()
    return models.indices.flatMap { i in
      models.indices.filter { $0 > i }.flatMap { j in
        arms.enumerated().flatMap { index, arm in
          let sides = [models[i], models[j]].compactMap { model in
            groups.first { $0.model == model && $0.arm == arm }
          }
          guard sides.count == 2 else { return [Comparison]() }
          // First attempts are the same in all arms: once is enough.
          return (index == 0 ? [.first, .recovery, .loss] : [.recovery, .loss]).compactMap {
            Comparison(
              $0, script: sides[0].script, (sides[0].model, arm, sides[0].lines),
              (sides[1].model, arm, sides[1].lines), bootstrap)
          }
        }
      }
    }
  }

  private static func pairs(_ groups: [Group]) -> [(Group, Group)] {
    groups.indices.flatMap { i in
      groups.indices.filter { $0 > i }.map { (groups[i], groups[$0]) }
    }
  }

  private static func isControl(_ group: Group) -> Bool {
    group.kind == .regenerate || group.kind == .unary
  }

  /// Whether b is the control of a: new draws for every kind of feedback, "try again" for those that
  /// say more.
  private static func saysMore(_ a: Group, than b: Group) -> Bool {
    switch b.kind {
    case .regenerate: a.kind != .regenerate && a.kind != .none
    case .unary: a.kind == .critique || a.kind == .edit || a.kind == .mixed
    default: false
    }
  }

  private static func adjusted(_ comparisons: [Comparison]) -> [Comparison] {
    var comparisons = comparisons
    for measure in Measure.allCases {
      let places = comparisons.indices.filter { comparisons[$0].measure == measure }
      let values = PairedTests.holm(places.map { comparisons[$0].mcNemar })
      for (place, value) in zip(places, values) { comparisons[place].holm = value }
    }
    return comparisons
  }
}
