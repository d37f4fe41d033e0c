import Testing

@testable import Formats

/// The content of types.safetensors, spelled out.
private let types: TensorFile = {
  func tensor<Value: BitwiseCopyable>(
    _ name: String, _ type: ScalarType, _ values: [Value]
  ) -> NumericArray {
    NumericArray(
      name, type, shape: [values.count], bytes: values.withUnsafeBytes { ArraySlice($0) })
  }
  return TensorFile([
    NumericArray("scalar", [Float(1.5)], shape: []),
    NumericArray("grid", [-0.5, -0.25, 0, 0.25, 0.5, 0.75] as [Float], shape: [2, 3]),
    NumericArray("empty", [] as [Float], shape: [0, 3]),
    tensor("a \"quoted\" name/ü", .uint8, [7] as [UInt8]),
    tensor("bool", .bool, [1, 0, 1] as [UInt8]),
    tensor("u8", .uint8, [0, 255] as [UInt8]),
    tensor("i8", .int8, [.min, .max] as [Int8]),
    tensor("i16", .int16, [.min, .max] as [Int16]),
    tensor("u16", .uint16, [.min, .max] as [UInt16]),
    tensor("i32", .int32, [.min, .max] as [Int32]),
    tensor("u32", .uint32, [.min, .max] as [UInt32]),
    NumericArray("i64", [.min, .max] as [Int64], shape: [2]),
    NumericArray("u64", [.min, .max] as [UInt64], shape: [2]),
    tensor("f16", .float16, [-1.5, .infinity, 0x1p-24] as [Float16]),
    NumericArray("f64", [0.1, -1e300], shape: [2]),
  ])
}()

@Test func ourBytesAreThoseOfTheOfficialWriter() throws {
  #expect(
    try SafeTensors.encode(types, checksums: false) == contents(fixture("types.safetensors")))
  #expect(
    try SafeTensors.encode(TensorFile(), checksums: false)
      == contents(fixture("empty.safetensors")))
  let text = TensorFile(
    [NumericArray("x", [0, 1] as [Int64], shape: [2])],
    metadata: ["format": "pt\n\t\"\\/\u{1}\u{7F}ü"])
  #expect(try SafeTensors.encode(text, checksums: false) == contents(fixture("text.safetensors")))
}

@Test func everyTypeOfTheOfficialWriterIsRead() throws {
  let file = try SafeTensors.read(fixture("types.safetensors"))
  #expect(file.metadata == ["format": "pt"])
  #expect(file.tensors.count == types.tensors.count)
  for tensor in types.tensors { #expect(file[tensor.name] == tensor) }
}

@Test func valuesOfEveryTypeConvert() throws {
  let file = try SafeTensors.read(fixture("types.safetensors"))
  func floats(_ name: String) -> [Float]? { file[name]?.floats() }
  func integers(_ name: String) throws -> [Int64]? { try file[name]?.integers() }
  #expect(floats("scalar") == [1.5])
  #expect(floats("bool") == [1, 0, 1])
  #expect(floats("f16") == [-1.5, .infinity, 0x1p-24])
  #expect(floats("f64") == [0.1, -.infinity])
  #expect(floats("u64") == [0, 0x1p64])
  #expect(file["f64"]?.doubles() == [0.1, -1e300])
  #expect(file["i32"]?.doubles() == [-2_147_483_648, 2_147_483_647])
  #expect(file["f16"]?.doubles() == [-1.5, .infinity, 0x1p-24])
  #expect(try integers("bool") == [1, 0, 1])
  #expect(try integers("i8") == [-128, 127])
  #expect(try integers("u8") == [0, 255])
  #expect(try integers("i16") == [-32768, 32767])
  #expect(try integers("u16") == [0, 65535])
  #expect(try integers("i32") == [-2_147_483_648, 2_147_483_647])
  #expect(try integers("u32") == [0, 4_294_967_295])
  #expect(try integers("i64") == [.min, .max])
  let brain = NumericArray("b", .bfloat16, shape: [2], bytes: [0x80, 0x3F, 0x20, 0xC0])
  #expect(brain.floats() == [1, -2.5])
}

@Test func valuesThatDoNotConvertAreRefused() throws {
  let file = try SafeTensors.read(fixture("types.safetensors"))
  #expect(
    refusal { _ = try file["f64"]?.integers() }
      == "'f64' needs whole numbers, got F64. Convert it to int64 first.")
  #expect(
    refusal { _ = try file["u64"]?.integers() }
      == "'u64' holds 18446744073709551615; whole numbers end at 2^63 - 1.")
}

@Test func aFileReadsBackAsItWasWritten() throws {
  var file = TensorFile(metadata: ["step": "12", "config": "{\"a\":\n1}", "format": "pt"])
  file.add(NumericArray("w", [.nan, -0, 0x1p-149] as [Float], shape: [3, 1]))
  file.add(NumericArray("rng.state", [1, .max] as [UInt64], shape: [2]))
  try withFolder { folder in
    try SafeTensors.write(file, to: folder + "/x.safetensors")
    let read = try SafeTensors.read(folder + "/x.safetensors")
    #expect(read.metadata == file.metadata)
    for tensor in file.tensors { #expect(read[tensor.name] == tensor) }
    #expect(try SafeTensors.encode(read) == contents(folder + "/x.safetensors"))
  }
}

@Test func valuesStartAtAMultipleOfEightBytes() throws {
  for count in 1...9 {
    let name = String(repeating: "n", count: count)
    let bytes = try SafeTensors.encode(TensorFile([NumericArray(name, [1] as [Float], shape: [])]))
    #expect(bytes[0] % 8 == 0)
  }
}

@Test func filesOfOthersWithoutMetadataAreRead() throws {
  let file = try SafeTensors.read(fixture("plain.safetensors"))
  #expect(file.metadata == [:])
  #expect(file["x"]?.floats() == [0, 1, 2])
}

@Test func aTensorThatIsNotThereOrHasAnotherShapeIsNamed() throws {
  let file = TensorFile([NumericArray("weight_ih", [1, 2] as [Float], shape: [2, 1])])
  #expect(try file.tensor("weight_ih", shape: [2, 1], for: "LSTM").floats() == [1, 2])
  #expect(
    refusal { _ = try file.tensor("weight_hi", shape: [2], for: "LSTM") }
      == "LSTM needs tensor 'weight_hi', got none. Did you mean 'weight_ih'?")
  #expect(
    refusal { _ = try file.tensor("weight_ih", shape: [1, 2], for: "LSTM") }
      == "LSTM needs tensor 'weight_ih' with shape [1, 2], got [2, 1].")
}

@Test func namesThatTheReaderRefusesAreNotWritten() {
  for name in ["", "__metadata__", "a\nb", String(repeating: "x", count: 1025)] {
    let file = TensorFile([NumericArray(name, [1] as [Float], shape: [])])
    let shown = SafeText.quoted(name)
    #expect(
      refusal { _ = try SafeTensors.encode(file) }
        == "A tensor needs a name of 1 to 1024 bytes without control characters, got \(shown).")
  }
  let longest = TensorFile([
    NumericArray(String(repeating: "x", count: 1024), [1] as [Float], shape: [])
  ])
  #expect(refusal { _ = try SafeTensors.encode(longest) } == nil)
}
