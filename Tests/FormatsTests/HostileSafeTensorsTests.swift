import Testing

@testable import Formats

/// A safetensors file of `header` and `count` bytes of values, which may lie about its length.
private func file(_ header: String, values count: Int = 0, length: UInt64? = nil) -> [UInt8] {
  let length = length ?? UInt64(header.utf8.count)
  return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
    + [UInt8](repeating: 0, count: count)
}

/// The header of one tensor.
private func header(
  _ name: String = "x", dtype: String = "F32", shape: String = "[1]", offsets: String = "[0,4]"
) -> String {
  #"{"\#(name)":{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}}"#
}

private func expect(
  _ bytes: [UInt8], _ message: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  do throws(FormatError) {
    _ = try SafeTensors.decode(bytes, name: "x.st")
    Issue.record("a hostile file was read", sourceLocation: sourceLocation)
  } catch {
    #expect(error == FormatError(.badData, message), sourceLocation: sourceLocation)
  }
}

@Test func theHelperMakesAFileThatIsRead() throws {
  #expect(try SafeTensors.decode(file(header(), values: 4), name: "x")["x"]?.floats() == [0])
}

@Test func lengthsThatLieAreRefused() {
  let cut = "It was cut short: copy it again."
  expect([], "'x.st' ends after 0 bytes; a safetensors file needs at least 8. \(cut)")
  expect(
    [UInt8](repeating: 0, count: 7),
    "'x.st' ends after 7 bytes; a safetensors file needs at least 8. \(cut)")
  expect(
    file(""), "'x.st' is not a safetensors file: its header does not start with '{'.")
  expect(
    file(header(), values: 4, length: 1 << 40),
    "'x.st' says its header has 1099511627776 bytes; at most 100000000 can be read.")
  expect(
    file(header(), values: 4, length: 1 << 63),
    "'x.st' says its header has 9223372036854775808 bytes; at most 100000000 can be read.")
  expect(
    file(header(), values: 4, length: 100_000_001),
    "'x.st' says its header has 100000001 bytes; at most 100000000 can be read.")
  expect(
    file(header(), values: 4, length: 100_000_000),
    "'x.st' ends after 66 bytes; its header says 100000008. \(cut)")
  expect(
    file(header(), values: 4, length: 64),
    "'x.st' ends after 66 bytes; its header says 72. \(cut)")
}

@Test func headersThatAreNotAnObjectAreRefused() {
  expect(file(" {}"), "'x.st' is not a safetensors file: its header does not start with '{'.")
  expect(file("[]"), "'x.st' is not a safetensors file: its header does not start with '{'.")
  func broken(_ header: String, _ message: String) {
    expect(file(header), "'x.st' has a broken header at byte " + message)
  }
  broken("{", "9: a string in double quotes is expected, got the end of the text.")
  broken("{}x", "10: the end of the header is expected, got 'x'.")
  broken("{}\n", "10: the end of the header is expected, got '\\n'.")
  broken("{}\u{0}", "10: the end of the header is expected, got '\\u{0}'.")
  broken(#"{"x":[]}"#, "13: '{' is expected, got '['.")
  broken(#"{"x":1}"#, "13: '{' is expected, got '1'.")
  broken(#"{"x" {}}"#, "13: ':' is expected, got '{'.")
  broken(
    "{" + String(repeating: "[", count: 100_000),
    "9: a string in double quotes is expected, got '['.")
  broken(#"{"x":"# + String(repeating: "[", count: 100_000), "13: '{' is expected, got '['.")
  #expect(throws: Never.self) { try SafeTensors.decode(file("{}   "), name: "x") }
}

@Test func valuesMustFillTheFileEndToEnd() {
  expect(file("{}", values: 1), "'x.st' has 1 byte after its last tensor.")
  expect(file(header(), values: 5), "'x.st' has 1 byte after its last tensor.")
  expect(
    file(header(), values: 3),
    "'x.st' has 3 bytes of values; its header says 4. It was cut short: copy it again.")
  expect(
    file(header(offsets: "[4,8]"), values: 8), "Tensor 'x' in 'x.st' leaves a hole before it.")
  let second = #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
  expect(
    file(second + header("b", offsets: "[2,6]").dropFirst(), values: 6),
    "Tensor 'b' in 'x.st' overlaps the one before it.")
  expect(
    file(second + header("b", offsets: "[5,9]").dropFirst(), values: 9),
    "Tensor 'b' in 'x.st' leaves a hole before it.")
  let aliases = (0..<5000).map {
    #""\#($0)":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}"#
  }
  expect(
    file("{" + aliases.joined(separator: ",") + "}", values: 8),
    "Tensor '1' in 'x.st' overlaps the one before it.")
}

@Test func emptyTensorsMayLieBetweenOthers() throws {
  let empty = #"{"e":{"dtype":"F32","shape":[0,2],"data_offsets":[4,4]},"#
  let read = try SafeTensors.decode(file(empty + header().dropFirst(), values: 4), name: "x")
  #expect(read["e"]?.floats() == [])
}

@Test func shapesThatCannotBeAreRefused() {
  func broken(_ header: String, _ message: String) {
    expect(file(header, values: 4), "'x.st' has a broken header at byte " + message)
  }
  let start = "9: tensor 'x' has "
  broken(header(offsets: "[4,0]"), start + "data_offsets [4, 0], which run backwards.")
  broken(header(offsets: "[0,8]"), start + "8 bytes of values; F32 [1] needs 4.")
  broken(header(shape: "[2]"), start + "4 bytes of values; F32 [2] needs 8.")
  broken(header(shape: "[0]"), start + "4 bytes of values; F32 [0] needs 0.")
  let large = ", larger than any memory."
  broken(
    header(shape: "[4611686018427387904,4]"), start + "shape [4611686018427387904, 4]" + large)
  broken(
    header(shape: "[8589934592,8589934592]"), start + "shape [8589934592, 8589934592]" + large)
  broken(
    header(shape: "[0,1152921504606846976]", offsets: "[0,0]"),
    start + "shape [0, 1152921504606846976]" + large)
  broken(
    header(shape: "[0,281474976710657]", offsets: "[0,0]"),
    start + "shape [0, 281474976710657]" + large)
  broken(
    header(shape: "[281474976710656]"),
    start + "4 bytes of values; F32 [281474976710656] needs 1125899906842624.")
  let eight = String(repeating: "1,", count: 7) + "1"
  #expect(throws: Never.self) {
    try SafeTensors.decode(file(header(shape: "[\(eight)]"), values: 4), name: "x")
  }
  broken(header(shape: "[\(eight),1]"), "53: tensor 'x' may have at most 8 numbers in shape.")
  broken(
    header(shape: "[" + String(repeating: "1,", count: 64) + "1]"),
    "53: tensor 'x' may have at most 8 numbers in shape.")
}

@Test func numbersMustBeWholeAndNotNegative() {
  func broken(_ header: String, _ message: String) {
    expect(file(header, values: 4), "'x.st' has a broken header at byte " + message)
  }
  let rule = "tensor 'x' needs whole numbers, 0 or more, in"
  broken(header(shape: "[-1]"), "37: \(rule) shape.")
  broken(header(shape: "[1.0]"), "37: \(rule) shape.")
  broken(header(shape: "[1e0]"), "37: \(rule) shape.")
  broken(header(shape: "[-0]"), "37: \(rule) shape.")
  broken(header(offsets: "[0,4.0]"), "58: \(rule) data_offsets.")
  broken(
    header(shape: "[18446744073709551616]"),
    "37: 18446744073709551616 does not fit in a 64-bit whole number.")
  broken(header(shape: "[null]"), "37: a digit is expected, got 'n'.")
  broken(header(shape: "[1,]"), "39: a digit is expected, got ']'.")
  broken(header(shape: "[01]"), "38: ',' or ']' is expected, got '1'.")
  broken(header(shape: "1"), "36: '[' is expected, got '1'.")
  broken(header(offsets: "[0]"), "9: tensor 'x' needs dtype, shape and two data_offsets.")
  broken(header(offsets: "[0,4,4]"), "60: tensor 'x' may have at most 2 numbers in data_offsets.")
}

@Test func fieldsMustBeThereOnceAndKnown() {
  func broken(_ header: String, _ message: String) {
    expect(file(header, values: 4), "'x.st' has a broken header at byte " + message)
  }
  let convert = "which cannot be read. Convert it to F32."
  broken(header(dtype: "F4"), "22: tensor 'x' has type 'F4', \(convert)")
  broken(header(dtype: "f32"), "22: tensor 'x' has type 'f32', \(convert)")
  broken(header(dtype: "C64"), "22: tensor 'x' has type 'C64', \(convert)")
  broken(#"{"x":{}}"#, "9: tensor 'x' needs dtype, shape and two data_offsets.")
  broken(
    #"{"x":{"dtype":"F32","dtype":"F32"}}"#, "28: tensor 'x' has 'dtype' twice or needlessly.")
  broken(#"{"x":{"strides":[1]}}"#, "14: tensor 'x' has 'strides' twice or needlessly.")
  broken(
    header().dropLast() + "," + header().dropFirst(), "62: the name 'x' is here twice.")
  broken(#"{"__metadata__":{"a":"1","a":"2"}}"#, "33: the metadata 'a' are here twice.")
  broken(
    #"{"__metadata__":{},"__metadata__":{}}"#, "27: the name '__metadata__' is here twice.")
  broken(
    #"{"__metadata__":{"step":1}}"#, "32: metadata 'step' needs text, in double quotes.")
  broken(
    #"{"__metadata__":{"a":null}}"#, "29: metadata 'a' needs text, in double quotes.")
  broken(#"{"__metadata__":"a"}"#, "24: '{' is expected, got '\"'.")
}

@Test func namesThatHarmAreRefusedAndShownSafely() {
  func broken(_ name: String, _ message: String) {
    expect(file(header(name), values: 4), "'x.st' has a broken header at byte " + message)
  }
  let rule = "needs 1 to 1024 bytes without control characters."
  broken("", "9: the name '' \(rule)")
  broken(#"a\u0000"#, "9: the name 'a\\u{0}' \(rule)")
  broken(#"\u001b]0;evil\u0007"#, "9: the name '\\u{1B}]0;evil\\u{7}' \(rule)")
  broken(#"\u009b31m"#, "9: the name '\\u{9B}31m' \(rule)")
  broken("\u{1B}[31m", "10: a control character in a string must be written as an escape.")
  broken(#"\ud800"#, "10: half of a surrogate pair stands alone.")
  broken(
    String(repeating: "n", count: 1025),
    "9: the name '" + String(repeating: "n", count: 120) + "…' \(rule)")
  var bytes = file(header("ab"), values: 4)
  bytes[10] = 0xFF
  expect(bytes, "'x.st' has a broken header at byte 9: this string is not valid UTF-8.")
  for name in [String(repeating: "n", count: 1024), "\u{202E}", "../../etc/passwd", "ü/é"] {
    #expect(throws: Never.self) {
      try SafeTensors.decode(file(header(name), values: 4), name: "x")
    }
  }
}

@Test func thereMayBeSoManyTensorsAndNotOneMore() throws {
  #expect(SafeTensors.tensorLimit == 100_000)
  let entries = (0..<4).map { #""\#($0)":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"# }
  func parse(_ count: Int) throws(JSONProblem) -> Int {
    let text = "{" + entries.prefix(count).joined(separator: ",") + "}"
    return try SafeTensorsHeader(parsing: Array(text.utf8), tensorLimit: 3).entries.count
  }
  #expect(try parse(3) == 3)
  let problem = JSONProblem(
    offset: 1 + 3 * (entries[0].utf8.count + 1), text: "more than 3 tensors cannot be read.")
  #expect(throws: problem) { try parse(4) }
}

@Test func checksumsThatAreWrongOrAloneAreRefused() throws {
  let good = TensorFile([NumericArray("w", [1, 2] as [Float], shape: [2])])
  var bytes = try SafeTensors.encode(good)
  bytes[bytes.count - 1] ^= 1
  expect(bytes, "'x.st' is damaged: the checksum of its values is wrong. Use another copy.")
  let wrong = "'x.st' is damaged: the checksum of its header is wrong. Use another copy."
  expect(file(#"{"__metadata__":{"crc32c":"00000000"}}"#), wrong)
  expect(file(#"{"__metadata__":{"crc32c_header":"00000000"}}"#), wrong)
  expect(file(#"{"__metadata__":{"crc32c":"00000000","crc32c_header":"00000000"}}"#), wrong)
  var renamed = try SafeTensors.encode(good)
  let name = try #require(renamed.firstRange(of: Array("\"w\"".utf8)))
  renamed[name.lowerBound + 1] = UInt8(ascii: "v")
  expect(renamed, wrong)
}
