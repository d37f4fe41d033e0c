import Testing

@testable import Formats

/// A .npy file of `header` and `count` bytes of values.
private func file(
  _ header: String, values count: Int = 0, version: [UInt8] = [1, 0], length: Int? = nil
) -> [UInt8] {
  let length = length ?? header.utf8.count
  let width = version[0] == 1 ? 2 : 4
  return [0x93] + Array("NUMPY".utf8) + version
    + (0..<width).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
    + [UInt8](repeating: 0, count: count)
}

private func header(
  _ descriptor: String = "'<f4'", order: String = "False", shape: String = "(2,)"
) -> String {
  "{'descr': \(descriptor), 'fortran_order': \(order), 'shape': \(shape), }\n"
}

private func expect(
  _ bytes: [UInt8], _ message: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  do throws(FormatError) {
    _ = try NumPy.decode(bytes, name: "x.npy")
    Issue.record("a hostile file was read", sourceLocation: sourceLocation)
  } catch {
    #expect(error == FormatError(.badData, message), sourceLocation: sourceLocation)
  }
}

@Test func headersInOtherDressAreRead() throws {
  let other = #"  {"shape":(2 , 1),"fortran_order" : True , 'descr':"<f4"}"#
  #expect(try NumPy.decode(file(other, values: 8), name: "x").shape == [2, 1])
  #expect(try NumPy.decode(file(header(shape: "()"), values: 4), name: "x").floats() == [0])
  #expect(try NumPy.decode(file(header(shape: "(2, 1,)"), values: 8), name: "x").shape == [2, 1])
}

@Test func filesThatAreNotNumPyAreRefused() {
  let cut = "It was cut short: copy it again."
  expect([], "'x.npy' ends after 0 bytes; a .npy file needs at least 8. \(cut)")
  expect(
    [UInt8](repeating: 0, count: 8),
    "'x.npy' is not a .npy file: it does not start with \\x93NUMPY.")
  expect(
    Array("PK\u{3}\u{4}....".utf8),
    "'x.npy' is not a .npy file: it does not start with \\x93NUMPY.")
  for version: [UInt8] in [[0, 0], [1, 1], [4, 0], [255, 0]] {
    expect(
      file(header(), values: 8, version: version),
      "'x.npy' has version \(version[0]).\(version[1]); versions 1.0 to 3.0 can be read.")
  }
  expect(
    Array(file(header()).prefix(9)),
    "'x.npy' ends after 9 bytes; its version needs at least 10. \(cut)")
}

@Test func headerLengthsThatLieAreRefused() {
  let cut = "It was cut short: copy it again."
  expect(
    file(header(), values: 8, length: 10_000),
    "'x.npy' ends after 76 bytes; its header says 10010. \(cut)")
  expect(
    file(header(), values: 8, length: 10_001),
    "'x.npy' says its header has 10001 bytes; at most 10000 can be read.")
  expect(
    file(header(), values: 8, version: [2, 0], length: 0xFFFF_FFFF),
    "'x.npy' says its header has 4294967295 bytes; at most 10000 can be read.")
}

@Test func headersThatBreakTheGrammarAreRefused() {
  func broken(_ header: String, _ message: String) {
    expect(file(header), "'x.npy' has a broken header: " + message)
  }
  broken("", "'{' is expected before the end.")
  broken("[]", "'{' is expected before '[]'.")
  broken("{}", "the key 'descr' is missing.")
  broken("{'descr': '<f4', 'shape': (2,)}", "the key 'fortran_order' is missing.")
  broken(header() + "x", "there is text after the closing '}'.")
  broken("{'descr' '<f4'}", "':' is expected before ''<f4'}'.")
  broken("{'descr': '<f4' 'shape'}", "'}' is expected before ''shape'}'.")
  broken("{'descr': '<f4', 'descr': '<f4'}", "the key 'descr' is twice or needlessly there.")
  broken("{'code': 1}", "the key 'code' is twice or needlessly there.")
  broken("{'descr: 1}", "a name in quotes is expected before 'descr: 1}'.")
  broken(header("<f4"), "a name in quotes is expected before '<f4, 'fortra'.")
  broken(
    header("[('a', '<f4')]"), "a name in quotes is expected before '[('a', '<f4''.")
  broken(
    header("__import__('os')"), "a name in quotes is expected before '__import__(''.")
  broken(header(order: "1"), "True or False is expected before '1, 'shape': '.")
  broken(header(shape: "(2)"), "',' is expected before '), }\\n'.")
  broken(header(shape: "2"), "'(' is expected before '2, }\\n'.")
  broken(header(shape: "(-1,)"), "a length is expected before '-1,), }\\n'.")
  broken(header(shape: "(2.0,)"), "',' is expected before '.0,), }\\n'.")
  broken(header(shape: "(1, 2.0)"), "')' is expected before '.0), }\\n'.")
  broken(header(shape: "(,)"), "a length is expected before ',), }\\n'.")
  broken(
    header(shape: "(9223372036854775808,)"), "a length is expected before '922337203685'.")
  broken("{'\u{1B}]0;x\u{7}': 1}", "the key '\\u{1B}]0;x\\u{7}' is twice or needlessly there.")
  var bytes = file(header())
  bytes[20] = 0xFF
  expect(bytes, "'x.npy' has a header that is not valid UTF-8.")
}

@Test func sizesThatDoNotFitAreRefusedBeforeAnythingIsAllocated() {
  func broken(_ shape: String, values: Int = 8, _ message: String) {
    expect(file(header(shape: shape), values: values), "'x.npy' has " + message)
  }
  let cut = "It was cut short: copy it again."
  broken("(3,)", "8 bytes of values; its shape [3] needs 12. \(cut)")
  broken("(1,)", "8 bytes of values; its shape [1] needs 4.")
  broken("(0,)", "8 bytes of values; its shape [0] needs 0.")
  broken("(2,)", values: 7, "7 bytes of values; its shape [2] needs 8. \(cut)")
  broken("(2,)", values: 9, "9 bytes of values; its shape [2] needs 8.")
  broken(
    "(281474976710656,)",
    "8 bytes of values; its shape [281474976710656] needs 1125899906842624. \(cut)")
  let large = "larger than any memory."
  broken("(281474976710657,)", "shape [281474976710657], \(large)")
  broken("(8589934592, 8589934592)", "shape [8589934592, 8589934592], \(large)")
  broken("(0, 1152921504606846976)", "shape [0, 1152921504606846976], \(large)")
  broken(
    "(0, 281474976710656, 281474976710656)",
    "shape [0, 281474976710656, 281474976710656], \(large)")
  let eight = Array(repeating: "1", count: 8).joined(separator: ", ")
  broken("(\(eight), 2)", "9 axes; at most 8 can be read.")
  #expect(throws: Never.self) {
    try NumPy.decode(file(header(shape: "(\(eight))"), values: 4), name: "x")
  }
}

@Test func typesThatAreNotPlainNumbersAreRefused() {
  let cure = "Save it as numbers, such as array.astype('float32')."
  for type in ["|O", "O", "|O8"] {
    expect(
      file(header("'\(type)'"), values: 16),
      "'x.npy' holds Python objects, which could run code when read. \(cure)")
  }
  for type in ["<U2", "|S4", "<c8", "<M8[ns]", "|V8", "=f4", "f4", "<u1", "|f4", "<f16", ""] {
    expect(
      file(header("'\(type)'"), values: 8),
      "'x.npy' has type '\(type)', which cannot be read. \(cure)")
  }
}
