import Engine

/// How a digit of 8 × 8 pixels moves in a frame of S × S: along each axis it goes round a circle of
/// 2 (S − 7) phases, whose first half is the way there through the places 0 to S − 8, and whose second
/// half is the way back.
struct DigitMotion: Sendable {
  /// Pixels along a side of a frame, S.
  private let size: Int
  private let startX, startY: Int
  /// Places a frame.
  let speed: Int

  /// A random start and speed.
  init(using random: inout Random, speeds: ClosedRange<Int>, size: Int = 16) {
    self.size = size
    startX = random.below(2 * (size - 7))
    startY = random.below(2 * (size - 7))
    speed = random.whole(in: speeds)
  }

  /// Where it is heading at frame `t`: 0 and 1 up, 2 and 3 down; 0 and 2 left, 1 and 3 right.
  func direction(at t: Int) -> Int {
    (goesOn(startY + speed * t) ? 2 : 0) + (goesOn(startX + speed * t) ? 1 : 0)
  }

  /// The S × S pixels of frame `t`, with the 8 × 8 `image` in its place.
  func frame(_ t: Int, of image: ArraySlice<Float>) -> [Float] {
    let (left, top) = (place(startX + speed * t), place(startY + speed * t))
    var frame = [Float](repeating: 0, count: size * size)
    for (pixel, ink) in image.enumerated() {
      frame[(top + pixel / 8) * size + left + pixel % 8] = ink / 16
    }
    return frame
  }

  /// Where the ink of a frame of `size` pixels a side begins: `(x,y)` from the left and from the top.
  static func corner(of frame: ArraySlice<Float>, size: Int) -> String {
    let ink = frame.enumerated().filter { $0.element > 0 }.map(\.offset)
    let (x, y) = (ink.map { $0 % size }.min() ?? 0, ink.map { $0 / size }.min() ?? 0)
    return "(\(x),\(y))"
  }

  /// Half of the phases: the places of the digit.
  private var places: Int { size - 7 }

  private func goesOn(_ phase: Int) -> Bool { phase % (2 * places) < places }

  private func place(_ phase: Int) -> Int {
    let way = phase % (2 * places)
    return goesOn(phase) ? way : 2 * places - 1 - way
  }
}
