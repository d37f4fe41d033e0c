// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours is built alike: warnings are errors.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// The numeric loops are optimised even in debug builds, or the tests crawl.
let kernels: [CSetting] = [.treatAllWarnings(as: .error), .unsafeFlags(["-O3"])]

/// Floors that compute: optimised in debug builds, too, for the same reason.
let computing: Set = ["Engine", "Layers", "Data"]

/// One floor of the house: see ARCHITECTURE.md for what stands on what.
func floor(_ name: String, on dependencies: [Target.Dependency] = []) -> Target {
  let optimised = SwiftSetting.unsafeFlags(["-O"], .when(configuration: .debug))
  return .target(
    name: name, dependencies: dependencies,
    swiftSettings: strict + (computing.contains(name) ? [optimised] : []))
}

func tests(of name: String, with dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.init(stringLiteral: name)] + dependencies,
    swiftSettings: strict)
}

let package = Package(
  name: "unroll",
  products: [.executable(name: "unroll", targets: ["unroll"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // The model wing, from the ground up.
    .target(name: "CKernels", cSettings: kernels),
    .target(name: "CAssets", cSettings: [.unsafeFlags(["-Wno-c23-extensions"])]),
    floor("Engine", on: ["CKernels"]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    floor("Formats", on: ["CZlib"]),
    floor("Layers", on: ["Engine", "Formats"]),
    floor("Data", on: ["Engine", "Formats", "CAssets"]),
    floor("Training", on: ["Layers", "Data", "Formats", "Engine"]),
    floor("Inspection", on: ["Layers", "Data", "Engine"]),
    floor("Workbench", on: ["Training", "Inspection", "Layers", "Data", "Engine", "Formats"]),

    floor("Benchmarks", on: ["Training", "Layers", "Data", "Engine", "Formats"]),
    floor(
      "Experiments",
      on: ["Workbench", "Inspection", "Training", "Data", "Layers", "Engine", "Formats"]),

    // The terminal wing.
    .systemLibrary(
      name: "CNcurses", pkgConfig: "ncursesw", providers: [.apt(["libncurses-dev"])]),
    .target(name: "CTerminal", cSettings: [.treatAllWarnings(as: .error)]),
    floor("Canvas"),
    floor("Terminal", on: ["Canvas", "CNcurses", "CTerminal"]),

    // Where the wings meet.
    floor(
      "Screens",
      on: [
        "Experiments", "Workbench", "Inspection", "Training", "Data", "Layers", "Engine",
        "Formats", "Canvas",
      ]),
    .executableTarget(
      name: "unroll",
      dependencies: [
        "Screens", "Terminal", "Canvas", "Experiments", "Benchmarks", "Workbench", "Inspection",
        "Training", "Data", "Layers", "Engine", "Formats",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // Tests: one folder a target, and what they share.
    .target(
      name: "TestSupport", dependencies: ["Layers", "Engine", "Formats"],
      path: "Tests/TestSupport", swiftSettings: strict),
    tests(of: "CAssets", with: ["Formats"]),
    tests(of: "CKernels"),
    tests(of: "Engine", with: ["TestSupport"]),
    tests(of: "Formats"),
    tests(of: "Layers", with: ["TestSupport", "Engine", "Formats"]),
    tests(of: "Data", with: ["Engine"]),
    tests(of: "Training", with: ["TestSupport", "Layers", "Data", "Formats", "Engine"]),
    tests(of: "Inspection", with: ["Layers", "Data", "Engine"]),
    tests(
      of: "Workbench", with: ["Training", "Inspection", "Layers", "Data", "Engine", "Formats"]),
    tests(of: "Benchmarks", with: ["Training", "Layers", "Data", "Engine", "Formats"]),
    tests(
      of: "Experiments",
      with: ["Workbench", "Inspection", "Training", "Data", "Layers", "Engine", "Formats"]),
    tests(of: "Canvas"),
    tests(of: "Terminal", with: ["Canvas"]),
    tests(
      of: "Screens",
      with: [
        "Experiments", "Workbench", "Inspection", "Training", "Data", "Layers", "Engine", "Canvas",
      ]),
    .testTarget(name: "HouseTests", swiftSettings: strict),
  ]
)
