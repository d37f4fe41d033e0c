import CKernels

/// Where the time of kernels goes, summed over all threads of the process.
///
/// While nobody asks, a call of a kernel loads one flag and nothing more.
public enum KernelProfile {
  /// What kernels do.
  public enum Kernel: String, Sendable, CaseIterable {
    /// Products of packed matrices, those of convolutions among them.
    case product
    /// Bringing one side of a product, or a cell's weights, into the order that products read.
    case packing
    /// What the windows of a convolution see, and the way back.
    case unfolding
    /// Fused sequences of LSTM, GRU and RNN: products and gates.
    case cellForward = "cell forward"
    /// The same backwards.
    case cellBackward = "cell backward"
    /// Gates of a convolutional LSTM.
    case gates
    /// Activations, both ways.
    case activation
    /// Sums, products and the like, element by element.
    case arithmetic
    /// Sums over rows and over everything, norms, and whether all is finite.
    case sums
    /// Softmax and cross entropy.
    case softmax
    /// Pooling, both ways.
    case pooling
    /// Random numbers and masks.
    case random
    /// The steps of optimisers.
    case optimiser

    fileprivate var number: ck_kernel {
      switch self {
      case .product: CK_KERNEL_PRODUCT
      case .packing: CK_KERNEL_PACKING
      case .unfolding: CK_KERNEL_UNFOLDING
      case .cellForward: CK_KERNEL_CELL_FORWARD
      case .cellBackward: CK_KERNEL_CELL_BACKWARD
      case .gates: CK_KERNEL_GATES
      case .activation: CK_KERNEL_ACTIVATION
      case .arithmetic: CK_KERNEL_ARITHMETIC
      case .sums: CK_KERNEL_SUMS
      case .softmax: CK_KERNEL_SOFTMAX
      case .pooling: CK_KERNEL_POOLING
      case .random: CK_KERNEL_RANDOM
      case .optimiser: CK_KERNEL_OPTIMISER
      }
    }
  }

  /// What was counted of one kernel.
  public struct Count: Sendable, Equatable {
    /// The kernel.
    public let kernel: Kernel
    /// Milliseconds that threads spent in it, added up.
    public let milliseconds: Double
    /// The calls, one for each part that work was cut into.
    public let calls: Int

    /// A count of `kernel`.
    public init(_ kernel: Kernel, milliseconds: Double, calls: Int) {
      self.kernel = kernel
      self.milliseconds = milliseconds
      self.calls = calls
    }
  }

  /// Forgets what was counted, and counts from now on.
  public static func begin() { ck_profile_begin() }

  /// Counts nothing from now on; returns the kernels that were called since `begin()`.
  public static func end() -> [Count] {
    ck_profile_end()
    return Kernel.allCases.map {
      Count(
        $0, milliseconds: Double(ck_profile_nanoseconds($0.number)) / 1e6,
        calls: Int(ck_profile_calls($0.number)))
    }.filter { $0.calls > 0 }
  }
}
