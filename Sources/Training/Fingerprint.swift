import Data
import Formats

extension Dataset {
  /// A checksum of what the data are: their description, size, seed and numbers.
  ///
  /// It sees the first and the last training batch of an epoch and the first validation batch, which
  /// another file, split, seed, batch size or sequence length changes. The name has no part in it: a
  /// text by another path is the same text.
  public var fingerprint: String {
    var sum = CRC32C()
    let description = summary.replacing(name, with: "")
    sum.update("\(description)\n\(input)\n\(target.output)\n\(stepsPerEpoch)".utf8)
    for label in target.labels { sum.update("\n\(label)".utf8) }
    var batches = [trainingBatch(at: 0), trainingBatch(at: max(0, stepsPerEpoch - 1))]
    if batchCount(of: .validation) > 0 { batches.append(batch(0, of: .validation)) }
    for batch in batches {
      sum.update("\(batch.input.shape)".utf8)
      var bytes: [UInt8] = []
      for value in batch.input.scalars { bytes.append(word: value.bitPattern) }
      for (_, tensor) in batch.namedInputs.sorted(by: { $0.key < $1.key }) {
        for value in tensor.scalars { bytes.append(word: value.bitPattern) }
      }
      switch batch.targets {
      case .classes(let classes):
        for target in classes { bytes.append(word: UInt32(bitPattern: target)) }
      case .values(let values):
        for value in values.scalars { bytes.append(word: value.bitPattern) }
      }
      sum.update(bytes)
    }
    return sum.hexadecimal
  }
}

extension [UInt8] {
  /// Appends the bytes of `word`, the least significant first.
  fileprivate mutating func append(word: UInt32) {
    for shift: UInt32 in [0, 8, 16, 24] { append(UInt8(truncatingIfNeeded: word >> shift)) }
  }
}
