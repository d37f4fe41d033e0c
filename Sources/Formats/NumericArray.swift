/// A named array of numbers as a file holds it: row-major, least significant byte first.
public struct NumericArray: Equatable, Sendable {
  /// The tensor's name, or the file's.
  public var name: String

  /// The type of each value.
  public let type: ScalarType

  /// Length of each axis; empty for a scalar.
  public let shape: [Int]

  /// The values, `count * type.byteCount` bytes.
  public let bytes: ArraySlice<UInt8>

  /// Number of values.
  public var count: Int { bytes.count / type.byteCount }

  /// An array over `bytes`, which must hold exactly as many values as `shape` says.
  init(_ name: String, _ type: ScalarType, shape: [Int], bytes: ArraySlice<UInt8>) {
    self.name = name
    self.type = type
    self.shape = shape
    self.bytes = bytes
  }

  /// An F32 array of `floats`, whose number must be the product of `shape`.
  public init(_ name: String, _ floats: [Float], shape: [Int]) {
    self.init(name, .float32, shape: shape, values: floats)
  }

  /// An I64 array of `integers`, whose number must be the product of `shape`.
  public init(_ name: String, _ integers: [Int64], shape: [Int]) {
    self.init(name, .int64, shape: shape, values: integers)
  }

  /// A U64 array of `integers`, whose number must be the product of `shape`.
  public init(_ name: String, _ integers: [UInt64], shape: [Int]) {
    self.init(name, .uint64, shape: shape, values: integers)
  }

  /// An F64 array of `doubles`, whose number must be the product of `shape`.
  public init(_ name: String, _ doubles: [Double], shape: [Int]) {
    self.init(name, .float64, shape: shape, values: doubles)
  }

  /// The values as 32-bit floats: wider types are rounded to nearest.
  public func floats() -> [Float] {
    switch type {
    case .bool: decode(UInt8.self) { $0 == 0 ? 0 : 1 }
    case .uint8: decode(UInt8.self) { Float($0) }
    case .int8: decode(Int8.self) { Float($0) }
    case .int16: decode(Int16.self) { Float($0) }
    case .uint16: decode(UInt16.self) { Float($0) }
    case .int32: decode(Int32.self) { Float($0) }
    case .uint32: decode(UInt32.self) { Float($0) }
    case .int64: decode(Int64.self) { Float($0) }
    case .uint64: decode(UInt64.self) { Float($0) }
    case .float16: decode(UInt16.self) { Float(Float16(bitPattern: $0)) }
    case .bfloat16: decode(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case .float32: decode(UInt32.self) { Float(bitPattern: $0) }
    case .float64: decode(UInt64.self) { Float(Double(bitPattern: $0)) }
    }
  }

  /// The values as doubles, exact except for 64-bit integers beyond 2^53.
  public func doubles() -> [Double] {
    switch type {
    case .float64: decode(UInt64.self) { Double(bitPattern: $0) }
    case .int32: decode(Int32.self) { Double($0) }
    case .uint32: decode(UInt32.self) { Double($0) }
    case .int64: decode(Int64.self) { Double($0) }
    case .uint64: decode(UInt64.self) { Double($0) }
    default: floats().map(Double.init)
    }
  }

  /// The values as whole numbers; an array of floats, or a value beyond 2^63, is an error.
  public func integers() throws(FormatError) -> [Int64] {
    switch type {
    case .bool: return decode(UInt8.self) { $0 == 0 ? 0 : 1 }
    case .uint8: return decode(UInt8.self) { Int64($0) }
    case .int8: return decode(Int8.self) { Int64($0) }
    case .int16: return decode(Int16.self) { Int64($0) }
    case .uint16: return decode(UInt16.self) { Int64($0) }
    case .int32: return decode(Int32.self) { Int64($0) }
    case .uint32: return decode(UInt32.self) { Int64($0) }
    case .int64: return decode(Int64.self) { $0 }
    case .uint64:
      let values = decode(UInt64.self) { $0 }
      if let large = values.first(where: { $0 > UInt64(Int64.max) }) {
        throw .badData("\(SafeText.quoted(name)) holds \(large); whole numbers end at 2^63 - 1.")
      }
      return values.map(Int64.init)
    case .float16, .bfloat16, .float32, .float64:
      throw .badData(
        "\(SafeText.quoted(name)) needs whole numbers, got \(type.rawValue). "
          + "Convert it to int64 first.")
    }
  }

  private func decode<Raw: FixedWidthInteger & BitwiseCopyable, Value>(
    _ raw: Raw.Type, _ convert: (Raw) -> Value
  ) -> [Value] {
    let source = bytes.span.bytes
    return [Value](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let raw = source.unsafeLoadUnaligned(
          fromByteOffset: filled * MemoryLayout<Raw>.size, as: Raw.self)
        buffer.initializeElement(at: filled, to: convert(Raw(littleEndian: raw)))
        filled += 1
      }
    }
  }

  private init(
    _ name: String, _ type: ScalarType, shape: [Int], values: [some BitwiseCopyable]
  ) {
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == values.count,
      "array '\(name)' has \(values.count) values, its shape \(shape) says otherwise")
    // All platforms of this program store the least significant byte first.
    self.init(name, type, shape: shape, bytes: values.withUnsafeBytes { ArraySlice($0) })
  }
}

/// How large an array may be; the limits keep arithmetic on shapes from overflowing.
enum ShapeLimits {
  static let rank = 8
  static let dimension = 1 << 48

  /// The number of bytes of `shape`, or what is wrong with it in words that follow "has".
  ///
  /// The product counts even when an axis is empty: no honest writer makes such a shape.
  static func byteCount(
    of shape: [Int], _ type: ScalarType
  ) -> Result<Int, ShapeProblem> {
    if shape.count > rank {
      return .failure(ShapeProblem(text: "\(shape.count) axes; at most \(rank) can be read"))
    }
    var bytes = type.byteCount
    for dimension in shape where dimension > 0 {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: dimension)
      if overflow || dimension > Self.dimension {
        return .failure(ShapeProblem(text: "shape \(shape), larger than any memory"))
      }
      bytes = product
    }
    return .success(shape.contains(0) ? 0 : bytes)
  }
}

/// What is wrong with a shape, in words that follow "has".
struct ShapeProblem: Error {
  let text: String
}
