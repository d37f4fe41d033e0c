import Testing

@testable import Formats

private let document: JSON = [
  "name": "char-lstm", "seed": 7, "rate": 0.001, "layers": [["kind": "lstm", "sizes": [1, 2]]],
  "notes": nil, "stateful": true, "empty": [:], "none": [],
]

@Test func theCompactLayoutIsOneLineInOrder() {
  let line =
    #"{"name":"char-lstm","seed":7,"rate":0.001,"layers":[{"kind":"lstm","sizes":[1,2]}],"#
    + #""notes":null,"stateful":true,"empty":{},"none":[]}"#
  #expect(document.text(.compact) == line)
  #expect(document.description == line)
}

@Test func thePrettyLayoutIsReadable() {
  #expect(
    document.text(.pretty) == """
      {
        "name": "char-lstm",
        "seed": 7,
        "rate": 0.001,
        "layers": [
          {
            "kind": "lstm",
            "sizes": [1, 2]
          }
        ],
        "notes": null,
        "stateful": true,
        "empty": {},
        "none": []
      }

      """)
  let long = JSON.array((0..<50).map { .integer($0) })
  #expect(long.text(.pretty).hasPrefix("[\n  0,\n  1,\n"))
}

@Test func everyLayoutReadsBackAsTheSameDocument() throws {
  for layout in [JSON.Layout.compact, .pretty] {
    #expect(try JSON(parsing: document.text(layout), name: "x") == document)
  }
}

@Test func numbersHaveTheirShortestText() throws {
  #expect(JSON.number(0.1).text(.compact) == "0.1")
  #expect(JSON.number(3e-4).text(.compact) == "0.0003")
  #expect(JSON.number(1).text(.compact) == "1.0")
  #expect(JSON(Float(0.1)).text(.compact) == "0.1")
  #expect(JSON(Float.nan).text(.compact) == "null")
  #expect(JSON.number(.infinity).text(.compact) == "null")
  #expect(JSON.integer(.min).text(.compact) == "-9223372036854775808")
  var generator = SeededGenerator(state: 1)
  for _ in 0..<2000 {
    let double = Double(bitPattern: generator.next())
    let single = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
    guard double.isFinite, single.isFinite else { continue }
    let doubleText = JSON.number(double).text(.compact)
    #expect(try JSON(parsing: doubleText, name: "x").double?.bitPattern == double.bitPattern)
    let singleText = JSON(single).text(.compact)
    let read = try JSON(parsing: singleText, name: "x").double
    #expect(read.map { Float($0).bitPattern } == single.bitPattern)
  }
}

@Test func textThatCouldSteerATerminalIsEscapedAndReadsBack() throws {
  let text = "\u{1B}[2J\u{9B}\u{202E}\u{2028}\u{7F}\"\\/\n\r\t ü 漢 👩‍🔬 \u{F0000}"
  let written = JSON.string(text).text(.compact)
  #expect(
    written
      == #""\u001b[2J\u009b\u202e\u2028\u007f\"\\/\n\r\t ü 漢 👩‍🔬 \udb80\udc00""#)
  #expect(try JSON(parsing: written, name: "x") == .string(text))
}

@Test func wholeNumbersAndOthersAreKeptApart() throws {
  #expect(
    try JSON(parsing: "[1, -0, 1.0, 1e2, -7, 0]", name: "x")
      == [1, .number(-0.0), 1.0, 100.0, -7, 0])
}

@Test func everyEscapeIsRead() throws {
  #expect(
    try JSON(parsing: #""\"\\\/\b\f\n\r\t\u00fC\uD83D\uDE00""#, name: "x")
      == "\"\\/\u{8}\u{C}\n\r\tü😀")
}

@Test func valuesAreReadAndChangedByKey() {
  var json = document
  #expect(json["layers"]?[0]?["sizes"]?[1]?.integer == 2)
  #expect(json["rate"]?.double == 0.001)
  #expect(json["seed"]?.double == 7)
  #expect(json["name"]?.string == "char-lstm")
  #expect(json["stateful"]?.bool == true)
  #expect(json["none"]?.array == [])
  #expect(json["empty"]?.object?.keys == [])
  #expect(json["layers"]?[1] == nil)
  #expect(json["name"]?["x"] == nil)
  json["seed"] = 8
  json["new"] = "last"
  json["rate"] = nil
  #expect(
    json.object?.keys
      == ["name", "seed", "layers", "notes", "stateful", "empty", "none", "new"])
  #expect(json["seed"] == 8)
  var nothing = JSON.null
  nothing["a"] = 1
  #expect(nothing == ["a": 1])
}
