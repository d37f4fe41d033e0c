import CKernels
import Foundation

/// The instruction set whose kernels run, chosen once at start-up.
///
/// `UNROLL_ISA` (`baseline`, `avx2`, `avx512`) forces one; otherwise the best of the machine runs.
public enum Kernels {
  /// The table of functions that every kernel call takes. It is immutable.
  nonisolated(unsafe) static let isa: OpaquePointer = {
    let wanted = ProcessInfo.processInfo.environment["UNROLL_ISA"]
    if let wanted, let chosen = ck_isa_select(wanted) { return chosen }
    guard let best = ck_isa_select(nil) else { fatalError("The baseline kernels always exist.") }
    return best
  }()

  /// What `UNROLL_ISA` asked for in vain: a set that is unknown or that the machine lacks.
  public static var refusedName: String? {
    ProcessInfo.processInfo.environment["UNROLL_ISA"].flatMap { $0 == name ? nil : $0 }
  }

  /// The name of the instruction set in use.
  public static var name: String { String(cString: ck_isa_name(isa)) }

  /// The panels that a packed matrix with so many columns has.
  static func panels(_ columns: Int) -> Int {
    let width = ck_panel_width(isa)
    return (columns + width - 1) / width
  }

  /// How many columns of what kernels see, of `depth` numbers each, are unfolded at a time: whole
  /// panels, up to 256 kB.
  static func unfoldedColumns(depth: Int) -> Int {
    let width = ck_panel_width(isa)
    return min(max(1, 65_536 / (depth * width)) * width, ck_unfolded_columns())
  }
}
