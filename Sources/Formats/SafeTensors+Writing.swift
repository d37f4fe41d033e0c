extension SafeTensors {
  /// The bytes of `file`, the same as those of the reference writer but for the checksums.
  ///
  /// Arrays are sorted by type, widest first, then by name. The metadata get `format` "pt", which
  /// other programs require, unless they have one. Leave out `checksums` to compare with a file of
  /// another writer. A name with control characters or more than 1,024 bytes is an error.
  public static func encode(
    _ file: TensorFile, checksums: Bool = true
  ) throws(FormatError) -> [UInt8] {
    for tensor in file.tensors where !isValid(name: tensor.name) {
      throw .badData(
        "A tensor needs a name of 1 to \(nameLimit) bytes without control characters, got "
          + "\(SafeText.quoted(tensor.name)).")
    }
    guard file.tensors.count <= tensorLimit else {
      throw .badData(
        "A safetensors file may have at most \(tensorLimit) tensors, got \(file.tensors.count).")
    }
    let tensors = file.tensors.sorted(by: precedes)
    var metadata = file.metadata.merging(["format": "pt"]) { own, _ in own }
    metadata[checksumKey] = nil
    metadata[headerChecksumKey] = nil
    if checksums {
      var sum = CRC32C()
      for tensor in tensors { sum.update(tensor.bytes) }
      metadata[checksumKey] = sum.hexadecimal
      metadata[headerChecksumKey] = headerChecksum(tensors, metadata)
    }
    var header = Array(Self.header(tensors, metadata).utf8)
    header += repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    guard header.count <= headerLimit else {
      throw .badData(
        "The header of a safetensors file may have at most \(headerLimit) bytes, got "
          + "\(header.count). Shorten the metadata.")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + tensors.reduce(0) { $0 + $1.bytes.count })
    for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: header.count >> (8 * shift))) }
    bytes += header
    for tensor in tensors { bytes += tensor.bytes }
    return bytes
  }

  /// The checksum of the header as we would write it, so that only its meaning counts.
  ///
  /// `metadata` must have the checksum of the values and not yet that of the header.
  static func headerChecksum(_ tensors: [NumericArray], _ metadata: [String: String]) -> String {
    CRC32C.hexadecimal(CRC32C.of(Array(header(tensors.sorted(by: precedes), metadata).utf8)))
  }

  /// Types in the order of the reference implementation, which is not that of their width alone.
  private static let typeOrder: [ScalarType] = [
    .uint64, .int64, .float64, .float32, .uint32, .int32, .bfloat16, .float16, .uint16, .int16,
    .int8, .uint8, .bool,
  ]

  private static func precedes(_ a: NumericArray, _ b: NumericArray) -> Bool {
    guard a.type == b.type else {
      return typeOrder.firstIndex(of: a.type) ?? 0 < typeOrder.firstIndex(of: b.type) ?? 0
    }
    return a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
  }

  private static func header(_ tensors: [NumericArray], _ metadata: [String: String]) -> String {
    let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { quote($0.key) + ":" + quote($0.value) }
    var parts = [quote(metadataKey) + ":{" + pairs.joined(separator: ",") + "}"]
    var offset = 0
    for tensor in tensors {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let end = offset + tensor.bytes.count
      parts.append(
        quote(tensor.name) + ":{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    return "{" + parts.joined(separator: ",") + "}"
  }

  /// `text` as a JSON string, escaped just as the reference writer (serde_json) does.
  private static func quote(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "\u{8}": quoted += "\\b"
      case "\u{C}": quoted += "\\f"
      case "\u{0}"..<" ":
        quoted += (scalar.value < 16 ? "\\u000" : "\\u00") + String(scalar.value, radix: 16)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
