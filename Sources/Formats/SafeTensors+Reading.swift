extension SafeTensors {
  /// Reads a whole file: the header first, so that nothing large is read for a file that lies.
  static func decode(_ source: BoundedReader) throws(FormatError) -> TensorFile {
    var reader = source
    let length: UInt64 = try reader.readInteger(promise: "a safetensors file needs at least")
    guard length <= headerLimit else {
      throw .badData(
        "\(reader.name) says its header has \(length) bytes; at most \(headerLimit) can be read.")
    }
    let header = try reader.read(Int(length), promise: "its header says")
    guard header.first == UInt8(ascii: "{") else {
      throw .badData(
        "\(reader.name) is not a safetensors file: its header does not start with '{'.")
    }
    let parsed: SafeTensorsHeader
    do throws(JSONProblem) {
      parsed = try SafeTensorsHeader(parsing: header, tensorLimit: tensorLimit)
    } catch {
      throw .badData(
        "\(reader.name) has a broken header at byte \(error.offset + 8): \(error.text)")
    }
    try checkLayout(parsed.entries, remaining: reader.remaining, name: reader.name)
    let values = try reader.readRest()
    let tensors = parsed.entries.map {
      NumericArray($0.name, $0.type, shape: $0.shape, bytes: values[$0.begin..<$0.end])
    }
    let metadata = try checkSums(parsed.metadata, tensors, values, name: reader.name)
    return TensorFile(tensors, metadata: metadata)
  }

  /// Requires that the values lie end to end and fill the rest of the file.
  private static func checkLayout(
    _ entries: [SafeTensorsHeader.Entry], remaining: Int, name: String
  ) throws(FormatError) {
    var offset = 0
    for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      guard entry.begin == offset else {
        let fault = entry.begin < offset ? "overlaps the one before it" : "leaves a hole before it"
        throw .badData("Tensor \(SafeText.quoted(entry.name)) in \(name) \(fault).")
      }
      offset = entry.end
    }
    guard offset <= remaining else {
      throw .badData(
        "\(name) has \(byteText(remaining)) of values; its header says \(offset). "
          + "It was cut short: copy it again.")
    }
    guard offset == remaining else {
      throw .badData("\(name) has \(byteText(remaining - offset)) after its last tensor.")
    }
  }

  /// Compares the checksums, if the file has them, and returns the metadata without them.
  private static func checkSums(
    _ metadata: [String: String], _ tensors: [NumericArray], _ values: [UInt8], name: String
  ) throws(FormatError) -> [String: String] {
    var rest = metadata
    let sum = rest.removeValue(forKey: checksumKey)
    let headerSum = rest.removeValue(forKey: headerChecksumKey)
    guard sum != nil || headerSum != nil else { return rest }
    var covered = metadata
    covered[headerChecksumKey] = nil
    guard let sum, let headerSum, headerSum == headerChecksum(tensors, covered) else {
      throw .badData("\(name) is damaged: the checksum of its header is wrong. Use another copy.")
    }
    guard sum == CRC32C.hexadecimal(CRC32C.of(values)) else {
      throw .badData("\(name) is damaged: the checksum of its values is wrong. Use another copy.")
    }
    return rest
  }
}
