import Canvas
import Testing

@testable import Terminal

@Suite struct KeyDecoderTests {
  /// Everything that is typed by sending `text`, with nothing after it.
  static func keys(_ text: String) -> [Key] { keys(Array(text.utf8)) }

  static func keys(_ bytes: [UInt8]) -> [Key] {
    var decoder = KeyDecoder()
    return decoder.feed(bytes) + decoder.flush()
  }

  static let sequences: [(String, Key)] = [
    ("a", .character("a")), (" ", .character(" ")), ("~", .character("~")), ("é", .character("é")),
    ("日", .character("日")), ("😀", .character("😀")), ("\r", .enter), ("\n", .enter),
    ("\t", .tab), ("\u{7F}", .backspace), ("\u{8}", .backspace), ("\0", .control(" ")),
    ("\u{1}", .control("a")), ("\u{12}", .control("r")), ("\u{1A}", .control("z")),
    ("\u{1C}", .control("\\")), ("\u{1D}", .control("]")), ("\u{1F}", .control("_")),
    ("\u{1B}", .escape), ("\u{1B}[A", .up), ("\u{1B}OB", .down), ("\u{1B}[1;5C", .right),
    ("\u{1B}[D", .left), ("\u{1B}[Z", .backTab), ("\u{1B}[H", .home), ("\u{1B}[1~", .home),
    ("\u{1B}[7~", .home), ("\u{1B}OF", .end), ("\u{1B}[4~", .end), ("\u{1B}[2~", .insert),
    ("\u{1B}[3~", .delete), ("\u{1B}[5~", .pageUp), ("\u{1B}[6;2~", .pageDown),
    ("\u{1B}OP", .function(1)), ("\u{1B}[[A", .function(1)), ("\u{1B}[11~", .function(1)),
    ("\u{1B}[[E", .function(5)), ("\u{1B}[15~", .function(5)), ("\u{1B}[24~", .function(12)),
    ("\u{1B}[1;2S", .function(4)), ("\u{1B}OM", .enter), ("\u{1B}[27u", .escape),
    ("\u{1B}[114;5u", .control("r")), ("\u{1B}[27;5;82~", .control("r")),
    ("\u{1B}[97;1u", .character("a")), ("\u{1B}[9;2u", .backTab),
    ("\u{1B}[<0;12;5M", .mouse(x: 11, y: 4, .press)),
    ("\u{1B}[<0;12;5m", .mouse(x: 11, y: 4, .release)),
    ("\u{1B}[<32;300;5M", .mouse(x: 299, y: 4, .drag)),
    ("\u{1B}[<64;1;1M", .mouse(x: 0, y: 0, .scrollUp)),
    ("\u{1B}[<81;1;1M", .mouse(x: 0, y: 0, .scrollDown)),
    ("\u{1B}[<2;1;1M", .mouse(x: 0, y: 0, .right)),
    ("\u{1B}[200~two\rlines \u{1B}[A\u{1B}[201~", .paste("two\rlines \u{1B}[A")),
  ]

  @Test func everySequenceIsItsKey() {
    for (text, key) in Self.sequences {
      #expect(Self.keys(text) == [key], "\(text.debugDescription)")
    }
  }

  @Test func sequencesInARowAreReadOneAfterTheOther() {
    let all = Self.sequences.filter { $0.1 != .escape }
    #expect(Self.keys(all.map(\.0).joined()) == all.map(\.1))
  }

  @Test func aSequenceMayComeInPieces() {
    for (text, key) in Self.sequences {
      let bytes = Array(text.utf8)
      for split in bytes.indices {
        var decoder = KeyDecoder()
        let keys =
          decoder.feed(bytes[..<split]) + decoder.feed(bytes[split...]) + decoder.flush()
        #expect(keys == [key], "\(text.debugDescription) split at \(split)")
      }
    }
  }

  @Test func aLoneEscapeWaitsForTheRestOfASequence() {
    var decoder = KeyDecoder()
    #expect(decoder.patience == nil)
    #expect(decoder.feed([0x1B]) == [])
    #expect(decoder.patience == 25)
    #expect(decoder.flush() == [.escape])
    #expect(decoder.patience == nil)
    #expect(decoder.feed(Array("[A".utf8)) == [.character("["), .character("A")])
  }

  @Test func escapeAndThenAKeyAreTwoKeys() {
    #expect(Self.keys("\u{1B}q") == [.escape, .character("q")])
    #expect(Self.keys("\u{1B}\u{1B}[A") == [.escape, .up])
    #expect(Self.keys("\u{1B}\u{1B}") == [.escape, .escape])
    #expect(Self.keys("\u{1B}O") == [.escape, .character("O")])
    #expect(Self.keys("\u{1B}P") == [.escape, .character("P")])
  }

  @Test func whatATerminalAnswersIsNotTyped() {
    #expect(Self.keys("\u{1B}]11;rgb:0000/0000/0000\u{7}a") == [.character("a")])
    #expect(Self.keys("\u{1B}P>|xterm(379)\u{1B}\\a") == [.character("a")])
    #expect(Self.keys("\u{1B}[?2026;2$ya") == [.character("a")])
    #expect(Self.keys("\u{1B}[Ia\u{1B}[O") == [.character("a")])
    #expect(Self.keys("\u{1B}[M !!a") == [.character("a")])
  }

  @Test func bytesThatAreNotUTF8AreReplaced() {
    #expect(Self.keys([0xFF, 0x61]) == [.character("\u{FFFD}"), .character("a")])
    #expect(Self.keys([0xC3]) == [.character("\u{FFFD}")])
    #expect(Self.keys([0xE6, 0x97, 0x61]).last == .character("a"))
    #expect(Self.keys([0xED, 0xA0, 0x80]).allSatisfy { $0 == .character("\u{FFFD}") })
    #expect(Self.keys([0xC0, 0x80]).allSatisfy { $0 == .character("\u{FFFD}") })
  }

  @Test func aPasteWhoseEndIsLostIsHandedOnAfterAWhile() {
    var decoder = KeyDecoder()
    #expect(decoder.feed(Array("\u{1B}[200~text".utf8)) == [])
    #expect(decoder.patience == 1_000)
    #expect(decoder.flush() == [.paste("text")])
    #expect(decoder.feed([0x61]) == [.character("a")])
  }

  @Test func aHugePasteComesInPieces() {
    let text = String(repeating: "0123456789", count: 250_000)
    var decoder = KeyDecoder()
    let bytes = Array("\u{1B}[200~\(text)\u{1B}[201~".utf8)
    var keys: [Key] = []
    for start in stride(from: 0, to: bytes.count, by: 4_096) {
      keys += decoder.feed(bytes[start..<min(start + 4_096, bytes.count)])
    }
    let pasted = keys.map { if case .paste(let piece) = $0 { piece } else { "?" } }
    #expect(pasted.count == 3)
    #expect(pasted.joined() == text)
  }

  @Test func noBytesTrapOrAreWaitedForForever() {
    var state: UInt64 = 7
    func next() -> UInt8 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let favourites: [UInt8] = [0x1B, 0x5B, 0x4F, 0x3C, 0x3B, 0x30, 0x39, 0x7E, 0x4D, 0x5D]
      let value = UInt8(truncatingIfNeeded: state >> 33)
      return value < 128 ? favourites[Int(value) % favourites.count] : value
    }
    for _ in 0..<2_000 {
      var decoder = KeyDecoder()
      for _ in 0..<4 { _ = decoder.feed((0..<20).map { _ in next() }) }
      _ = decoder.flush()
      #expect(decoder.patience == nil)
      #expect(decoder.feed(Array("\u{1B}[A".utf8)) == [.up])
    }
  }
}
