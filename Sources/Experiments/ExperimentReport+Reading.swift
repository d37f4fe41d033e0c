import Formats

/// Reading reports back, as they were written.
extension ExperimentReport {
  /// The report that `json` was made of; numbers that were not finite
  /// come back as NaN, and in pictures as −∞, which is ln 0.
  public init(_ root: JSONField) throws(FormatError) {
    let seed: UInt64
    if let text = root["seed"].json?.string, let number = UInt64(text) {
      seed = number
    } else {
      seed = UInt64(try root["seed"].integer(in: 0...Int.max))
    }
    var measurements: [Measurement] = []
    for field in try root["measurements"].elements() {
      let role = try field["role"].string(among: Measurement.Role.allCases.map(\.rawValue))
      measurements.append(
        Measurement(
          name: try field["name"].string(), value: try field["value"].numberOrNaN(),
          role: Measurement.Role(rawValue: role) ?? .result))
    }
    var tables: [Table] = []
    for field in try root["tables"].elements() { tables.append(try Table(field)) }
    var maps: [Map] = []
    for field in try root["maps"].elements() { maps.append(try Map(field)) }
    var verdicts: [Verdict] = []
    for field in try root["verdicts"].elements() {
      verdicts.append(Verdict(text: try field["text"].string(), holds: try field["holds"].bool()))
    }
    self.init(
      name: try root["experiment"].string(), claim: try root["claim"].string(),
      seed: seed,
      measurements: measurements, tables: tables, maps: maps, verdicts: verdicts,
      notes: try root["notes"].strings(), seconds: try root["seconds"].double())
  }
}

extension ExperimentReport.Table {
  fileprivate init(_ field: JSONField) throws(FormatError) {
    var rows: [(name: String, values: [Double?])] = []
    for row in try field["rows"].elements() {
      var values: [Double?] = []
      for value in try row["values"].elements() { values.append(try value.ifPresent?.double()) }
      rows.append((try row["name"].string(), values))
    }
    self.init(
      title: try field["title"].string(), columns: try field["columns"].strings(), rows: rows)
  }
}

extension ExperimentReport.Map {
  fileprivate init(_ field: JSONField) throws(FormatError) {
    var rows: [Row] = []
    for row in try field["rows"].elements() {
      var values: [Double] = []
      for value in try row["values"].elements() {
        values.append(try value.ifPresent?.double() ?? -.infinity)
      }
      rows.append(Row(name: try row["name"].string(), values: values))
    }
    self.init(title: try field["title"].string(), rows: rows)
    if let from = field["from"].ifPresent {
      axis = Axis(from: try from.string(), to: try field["to"].string())
    }
  }
}

extension JSONField {
  /// A number, or NaN where there is none.
  fileprivate func numberOrNaN() throws(FormatError) -> Double {
    guard let number = ifPresent else { return .nan }
    return try number.double()
  }

  /// A list of texts.
  fileprivate func strings() throws(FormatError) -> [String] {
    var texts: [String] = []
    for element in try elements() { texts.append(try element.string()) }
    return texts
  }
}
