import CKernels

/// Weights, states and scratch as the kernels take them.
extension Cell {
  var sequence: ck_sequence {
    ck_sequence(
      batch: shape.batch, time: shape.time, input: shape.input, hidden: shape.hidden,
      given: false)
  }

  func packed(_ set: InstructionSet) -> Floats {
    let packed = Floats(
      count: ck_cell_packed_size(set.pointer, gates, shape.input, shape.hidden))
    for part in cut(set.panels(shape.hidden), into: 2) {
      ck_cell_pack(
        set.pointer, gates, shape.input, shape.hidden, weightIH.pointer, weightHH.pointer,
        part.lowerBound, part.upperBound, packed.pointer)
    }
    return packed
  }

  func packedBack(_ set: InstructionSet) -> Floats {
    let rows = gates * shape.hidden
    let packed = Floats(count: ck_packed_size(set.pointer, rows, shape.hidden))
    ck_pack(
      set.pointer, ck_matrix(data: weightHH.pointer, row: shape.hidden, column: 1), rows,
      shape.hidden, 0, set.panels(shape.hidden), packed.pointer)
    return packed
  }

  func scratch(_ set: InstructionSet, rows: Int) -> Floats {
    Floats(count: ck_cell_scratch(set.pointer, gates, sequence, rows))
  }

  /// Where in [B, T, H] the last time step of element `index` of [B, H] stands.
  func lastStep(_ index: Int) -> Int {
    let (b, unit) = index.quotientAndRemainder(dividingBy: shape.hidden)
    return (b * shape.time + shape.time - 1) * shape.hidden + unit
  }
}

/// Sizes that are all different, and awkward: 1, primes, one more and one less than a vector.
func awkwardShapes(_ set: InstructionSet) -> [Shape] {
  let lanes = set.lanes
  return [
    Shape(batch: 1, time: 1, input: 1, hidden: 1),
    Shape(batch: 1, time: 3, input: 2, hidden: 4),
    Shape(batch: 2, time: 1, input: 5, hidden: lanes),
    Shape(batch: 3, time: 4, input: 1, hidden: lanes - 1),
    Shape(batch: 5, time: 2, input: 7, hidden: lanes + 1),
    Shape(batch: 7, time: 3, input: lanes, hidden: 2 * lanes + 3),
    Shape(batch: 13, time: 5, input: 11, hidden: 37),
    Shape(batch: 8, time: 2, input: 3, hidden: 5 * lanes),
  ]
}
