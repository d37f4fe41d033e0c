import Canvas
import Testing

@Suite struct NumberTextTests {
  @Test(arguments: [
    (0.0, "0"), (-0.0, "0"), (1, "1.00"), (1.23456, "1.23"), (12.35, "12.4"), (999.4, "999"),
    (999.6, "1.00k"), (0.34, ".340"), (0.0213, ".0213"), (-0.88, "-.880"), (0.00213, "2.13e-3"),
    (0.09999, ".100"), (0.99999, "1.00"), (12_345, "12.3k"), (123_456, "123k"),
    (4_500_000, "4.50M"), (6.02e23, "6.02e23"), (1e11, "100G"),
    (Double.leastNonzeroMagnitude, "5.00e-324"),
    (1.7976931348623157e308, "1.80e308"), (-1e16, "-1.00e16"), (Double.nan, "NaN"),
    (Double.infinity, "Inf"), (-Double.infinity, "-Inf"), (1e-05, "1.00e-5"),
  ])
  func threeSignificantDigits(value: Double, text: String) {
    #expect(NumberText.short(value) == text)
  }

  @Test func fixedWidthGivesUpDigitsBeforeItLies() {
    #expect(NumberText.fixed(0.5, width: 6) == "  .500")
    #expect(NumberText.fixed(-0.00213, width: 6) == "-.0021")
    #expect(NumberText.fixed(-1.5e-300, width: 7) == "-2e-300")
    #expect(NumberText.fixed(-1.5e-300, width: 3) == "###")
    #expect(NumberText.fixed(.nan, width: 4) == " NaN")
    #expect(NumberText.fixed(1, width: -3) == "")
  }

  @Test func unitsPercentAndDurations() {
    #expect(NumberText.withUnit(16_700_000, "B") == "16.7 MB")
    #expect(NumberText.withUnit(12, "ms") == "12.0 ms")
    #expect(NumberText.count(23_004) == "23 004")
    #expect(NumberText.count(Int.min) == "-9 223 372 036 854 775 808")
    #expect(NumberText.percent(0.123) == "12%")
    #expect(NumberText.percent(0.001) == "<1%")
    #expect(NumberText.percent(.nan) == "NaN")
    #expect(NumberText.percent(1e300) == "1.00e302%")
    #expect(NumberText.duration(250) == "4m10s")
    #expect(NumberText.duration(59.6) == "1m00s")
    #expect(NumberText.duration(7_500) == "2h05m")
    #expect(NumberText.duration(0.85) == "850ms")
    #expect(NumberText.duration(.infinity) == "-")
  }

  @Test func everyNumberGivesAShortText() {
    var random = TestRandom(seed: 1)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: random.next())
      let text = NumberText.short(value)
      #expect(text.utf8.count <= 10)
      #expect(NumberText.fixed(value, width: 6).utf8.count == 6)
      _ = NumberText.percent(value) + NumberText.duration(value)
    }
  }
}
