/// Python's changes of case: Unicode's full mappings, with the final sigma.
extension JinjaText {
  var uppercased: JinjaText { mapped { _, properties in properties.uppercaseMapping } }
  var lowercased: JinjaText { mapped { index, properties in lower(index, properties) } }

  /// `str.capitalize`: the first character in title case, the others in lower case.
  var capitalized: JinjaText {
    mapped { index, properties in
      index == 0 ? properties.titlecaseMapping : lower(index, properties)
    }
  }

  /// `str.title`: a letter that follows no letter in title case, the others in lower case.
  var titled: JinjaText {
    mapped { index, properties in
      index > 0 && JinjaText.scalar(units[index - 1]).properties.isCased
        ? lower(index, properties) : properties.titlecaseMapping
    }
  }

  /// Jinja's `title`, which looks for other ends of words than Python's.
  var wordsTitled: JinjaText {
    var begins = true
    var output: [UInt32] = []
    for (index, unit) in units.enumerated() {
      let scalar = JinjaText.scalar(unit)
      if JinjaText.isSpace(unit) || "-({[<".unicodeScalars.contains(scalar) {
        output.append(unit)
        begins = true
        continue
      }
      let properties = scalar.properties
      let mapping = begins ? properties.uppercaseMapping : lower(index, properties)
      output += mapping.unicodeScalars.map { $0.value | unit & JinjaText.foreign }
      begins = false
    }
    return JinjaText(units: output)
  }

  private func mapped(_ mapping: (Int, Unicode.Scalar.Properties) -> String) -> JinjaText {
    var output: [UInt32] = []
    output.reserveCapacity(count)
    for (index, unit) in units.enumerated() {
      let text = mapping(index, JinjaText.scalar(unit).properties)
      output += text.unicodeScalars.map { $0.value | unit & JinjaText.foreign }
    }
    return JinjaText(units: output)
  }

  private func lower(_ index: Int, _ properties: Unicode.Scalar.Properties) -> String {
    guard JinjaText.scalar(units[index]) == "\u{3A3}" else { return properties.lowercaseMapping }
    // A capital sigma at the end of a word has a letter before it and none after it, whatever
    // marks stand between (Unicode's SpecialCasing, Final_Sigma).
    let before = units[..<index].reversed().first { !isIgnorable($0) }
    let after = units[(index + 1)...].first { !isIgnorable($0) }
    let isFinal = before.map(isCased) == true && after.map(isCased) != true
    return isFinal ? "\u{3C2}" : "\u{3C3}"
  }

  private func isIgnorable(_ unit: UInt32) -> Bool {
    JinjaText.scalar(unit).properties.isCaseIgnorable
  }

  private func isCased(_ unit: UInt32) -> Bool { JinjaText.scalar(unit).properties.isCased }
}
