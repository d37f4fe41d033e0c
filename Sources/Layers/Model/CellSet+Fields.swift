/// What the numbers of an output see of the input, for the ways in which layers look at it.
extension CellSet {
  /// The same numbers, whatever the axes of a step are called.
  func same(over input: DataExtent) -> CellSet {
    var seen = CellSet(input)
    for step in 0..<input.steps { seen.formUnion(self.step(step), at: step) }
    return seen
  }

  /// The features `range` of every step, as all of those of `part`.
  func features(_ range: Range<Int>, as part: DataExtent) -> CellSet {
    var taken = CellSet(part)
    for step in 0..<extent.steps {
      for feature in range where contains(step, feature) {
        taken.insert(step, feature - range.lowerBound)
      }
    }
    return taken
  }

  /// All features of the same steps.
  func wholeSteps(over input: DataExtent) -> CellSet {
    var seen = CellSet(input)
    for step in 0..<input.steps where hasStep(step) { seen.insertStep(step) }
    return seen
  }

  /// All features of the same steps that stand in the same ones of `count` groups of neighbours.
  func wholeGroups(_ count: Int, over input: DataExtent) -> CellSet {
    var seen = CellSet(input)
    let size = input.width / count
    for step in 0..<input.steps {
      for group in 0..<count {
        let features = group * size..<(group + 1) * size
        guard features.contains(where: { contains(step, $0) }) else { continue }
        for feature in features { seen.insert(step, feature) }
      }
    }
    return seen
  }

  /// The same features of the same steps in the first half of those of `input` and in the second.
  func bothHalves(over input: DataExtent) -> CellSet {
    var seen = CellSet(input)
    for step in 0..<input.steps {
      for feature in 0..<extent.width where contains(step, feature) {
        seen.insert(step, feature)
        seen.insert(step, feature + extent.width)
      }
    }
    return seen
  }

  /// All channels of the same pixels of the same steps.
  func allChannels(over input: DataExtent) -> CellSet {
    sliding(KernelSight(), groups: 1, over: input)
  }

  /// All features of every step up to the last that has one of `features`.
  func past(of features: Range<Int>, over input: DataExtent) -> CellSet {
    var seen = CellSet(input)
    let last = (0..<extent.steps).last { step in features.contains { contains(step, $0) } }
    for step in 0..<(last.map { $0 + 1 } ?? 0) { seen.insertStep(step) }
    return seen
  }

  /// All features of every step from the first on that has one of `features`.
  func future(of features: Range<Int>, over input: DataExtent) -> CellSet {
    var seen = CellSet(input)
    let first = (0..<extent.steps).first { step in features.contains { contains(step, $0) } }
    for step in (first ?? input.steps)..<input.steps { seen.insertStep(step) }
    return seen
  }

  /// What a kernel sees that looks at `groups` groups of channels; nil: at every channel by itself.
  func sliding(_ sight: KernelSight, groups: Int?, over input: DataExtent) -> CellSet {
    let (made, read) = (extent.image, input.image)
    let count = groups ?? made.channels
    var seen = CellSet(DataExtent(steps: input.steps, features: [count, read.height, read.width]))
    for step in 0..<extent.steps where hasStep(step) {
      let steps = sight.time(step, input.steps)
      for channel in 0..<made.channels {
        let group = channel * count / made.channels
        for row in 0..<made.height {
          let rows = sight.rows(row, read.height)
          for column in 0..<made.width {
            let feature = (channel * made.height + row) * made.width + column
            guard contains(step, feature) else { continue }
            seen.insert(steps, group, rows, sight.columns(column, read.width))
          }
        }
      }
    }
    return seen.spread(overChannelsOf: input)
  }

  /// Adds these pixels of a group of channels at `steps`.
  private mutating func insert(_ steps: [Int], _ group: Int, _ rows: [Int], _ columns: [Int]) {
    let (_, height, width) = extent.image
    for step in steps {
      for row in rows {
        for column in columns { insert(step, (group * height + row) * width + column) }
      }
    }
  }

  /// Groups of channels become all channels in them.
  private func spread(overChannelsOf input: DataExtent) -> CellSet {
    let (channels, pixels) = (input.image.channels, input.image.height * input.image.width)
    let groups = extent.image.channels
    guard groups != channels else { return same(over: input) }
    var spread = CellSet(input)
    for step in 0..<input.steps {
      for channel in 0..<channels {
        let start = channel * groups / channels * pixels
        for pixel in 0..<pixels where contains(step, start + pixel) {
          spread.insert(step, channel * pixels + pixel)
        }
      }
    }
    return spread
  }
}

/// What a place on an axis of a layer's output sees of the same axis of its input.
struct KernelSight {
  /// The places seen on an axis of this many; those that are padding are left out.
  typealias Axis = (_ output: Int, _ inputs: Int) -> [Int]

  /// On the time axis: the same step.
  let time: Axis
  /// On the two axes of images: the same pixel.
  let rows, columns: Axis

  /// The same step and the same pixel, but on these axes.
  init(
    time: @escaping Axis = { output, _ in [output] },
    rows: @escaping Axis = { output, _ in [output] },
    columns: @escaping Axis = { output, _ in [output] }
  ) {
    (self.time, self.rows, self.columns) = (time, rows, columns)
  }

  /// The same on both axes of images.
  init(time: @escaping Axis = { output, _ in [output] }, image: @escaping Axis) {
    self.init(time: time, rows: image, columns: image)
  }
}

extension Sliding {
  /// Output o sees the inputs o s − p + j d for the taps j.
  func sight(of output: Int, among inputs: Int) -> [Int] {
    (0..<kernel).map { output * stride - front + $0 * dilation }.filter { 0..<inputs ~= $0 }
  }
}

extension Spreading {
  /// Output o sees the inputs i with o = i s − p + j d for a tap j.
  func sight(of output: Int, among inputs: Int) -> [Int] {
    (0..<kernel).compactMap { tap in
      let reached = output + front - tap * dilation
      guard reached >= 0, reached % stride == 0 else { return nil }
      return reached / stride
    }.filter { $0 < inputs }
  }
}

extension AdaptivePoolLayer {
  /// Cell i of n covers the inputs from ⌊i S/n⌋ to ⌈(i + 1) S/n⌉ − 1 of S.
  static func sight(of cell: Int, of cells: Int, among inputs: Int) -> [Int] {
    Array(cell * inputs / cells..<((cell + 1) * inputs + cells - 1) / cells)
  }
}
