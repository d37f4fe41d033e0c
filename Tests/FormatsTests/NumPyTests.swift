import Testing

@testable import Formats

@Test(arguments: [
  "b1", "u1", "i1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "big_i2", "big_i8",
  "big_f4", "big_f8",
])
func everyNumberTypeAndByteOrderIsRead(name: String) throws {
  let array = try NumPy.read(fixture(name + ".npy"))
  #expect(array.shape == [2, 3])
  let last: Float = name == "b1" ? 1 : 100
  #expect(array.floats() == [0, 1, 1, 1, 0, last])
  if !array.type.isFloatingPoint {
    #expect(try array.integers() == [0, 1, 1, 1, 0, Int64(last)])
  }
}

@Test(arguments: [
  "b1", "u1", "i1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "scalar", "vector",
  "no_rows",
])
func ourBytesAreThoseOfNumPy(name: String) throws {
  let array = try NumPy.read(fixture(name + ".npy"))
  #expect(try NumPy.encode(array) == contents(fixture(name + ".npy")))
}

@Test func theLaterVersionsAreRead() throws {
  for version in [2, 3] {
    let array = try NumPy.read(fixture("version\(version).npy"))
    #expect(array.shape == [2, 3])
    #expect(array.floats() == [-0.5, -0.25, 0, 0.25, 0.5, 0.75])
  }
}

@Test func columnMajorArraysAreTransposed() throws {
  let array = try NumPy.read(fixture("fortran.npy"))
  #expect(array.shape == [2, 3, 4])
  #expect(array.floats() == (0..<24).map(Float.init))
}

@Test func scalarsAndEmptyArraysAreArrays() throws {
  #expect(try NumPy.read(fixture("scalar.npy")).shape == [])
  #expect(try NumPy.read(fixture("scalar.npy")).floats() == [2.5])
  #expect(try NumPy.read(fixture("no_rows.npy")).shape == [0, 5])
  #expect(try NumPy.read(fixture("no_rows.npy")).floats() == [])
}

@Test func anArrayReadsBackAsItWasWritten() throws {
  try withFolder { folder in
    let path = folder + "/x.npy"
    let array = NumericArray(path, [1, .nan, -.infinity] as [Float], shape: [3, 1])
    try NumPy.write(array, to: path)
    #expect(try NumPy.read(path) == array)
  }
}

@Test func brainFloatsHaveNoPlaceInNumPy() {
  let brain = NumericArray("b", .bfloat16, shape: [1], bytes: [0x80, 0x3F])
  #expect(
    refusal { _ = try NumPy.encode(brain) }
      == "A .npy file cannot hold type BF16. Convert it to F32.")
}

@Test func objectsAndTextAreRefused() {
  let objects = fixture("objects.npy")
  #expect(
    refusal { _ = try NumPy.read(objects) }
      == "\(SafeText.quoted(objects)) holds Python objects, which could run code when read. "
      + "Save it as numbers, such as array.astype('float32').")
  let text = fixture("text.npy")
  #expect(
    refusal { _ = try NumPy.read(text) }
      == "\(SafeText.quoted(text)) has type '<U2', which cannot be read. "
      + "Save it as numbers, such as array.astype('float32').")
}
