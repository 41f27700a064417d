// swift-tools-version: 6.3
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// A target under `Sources` or, for tests, under `Tests`, with the settings that all of them share.
func source(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// Whoever builds the program does not have to fetch DocC's plug-in: only `Tests/run.sh` sets the variable.
let documentation: [Package.Dependency] =
  Context.environment["JELOU_INVENTORY_DOCUMENTATION"] == nil
  ? [] : [.package(url: "https://github.com/swiftlang/swift-docc-plugin.git", from: "1.5.0")]

let package = Package(
  name: "jelou-inventory",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "jelou-inventory", targets: ["jelou-inventory"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
    .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.1.0"),
    .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.0"),
  ] + documentation,
  targets: [
    source("TextFormats"),
    source("InventoryModel", ["TextFormats"]),
    source("Files", ["CFileSystem"]),
    .systemLibrary(name: "CFileSystem"),
    source("DelimitedText"),
    source("ProjectList", ["DelimitedText", "Files", "InventoryModel", "TextFormats"]),
    source("Gateway", ["DelimitedText", "Files", "InventoryModel", "TextFormats"]),
    source(
      "GatewayTransport",
      [
        "Files", "Gateway", "InventoryModel", "TextFormats",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOExtras", package: "swift-nio-extras"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOTLS", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    source(
      "Ledger",
      [
        "Auditing", "Files", "InventoryModel", "TextFormats",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    .target(
      name: "LedgerQueries",
      dependencies: [
        "Files", "InventoryModel", "Ledger", "TextFormats",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: settings, plugins: ["EmbedTexts"]),
    source("Collecting", ["InventoryModel", "TextFormats"]),
    source("Auditing", ["InventoryModel", "TextFormats"]),
    source(
      "Reporting",
      [
        "Auditing", "CXlsxWriter", "DelimitedText", "Files", "InventoryModel", "ReportTemplates", "TextFormats",
        .product(name: "Mustache", package: "swift-mustache"),
      ]),
    .systemLibrary(
      name: "CXlsxWriter", pkgConfig: "xlsxwriter",
      providers: [.apt(["libxlsxwriter-dev"]), .brew(["libxlsxwriter"])]),
    .target(
      name: "ReportTemplates", path: "templates", swiftSettings: settings, plugins: ["EmbedTexts"]),
    .plugin(
      name: "EmbedTexts", capability: .buildTool(), dependencies: ["TextEmbedder"],
      path: "Sources/TextEmbedding/Plugin"),
    .executableTarget(name: "TextEmbedder", path: "Sources/TextEmbedding/Generator", swiftSettings: settings),
    source(
      "SandboxGateway",
      [
        "Files", "InventoryModel", "TextFormats",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    source(
      "InventoryJobs",
      [
        "Auditing", "Collecting", "DelimitedText", "Files", "Gateway", "GatewayTransport", "InventoryModel", "Ledger",
        "LedgerQueries", "ProjectList", "Reporting", "SandboxGateway", "TextFormats",
      ]),
    .executableTarget(
      name: "jelou-inventory",
      dependencies: [
        "Auditing", "Collecting", "Files", "Gateway", "GatewayTransport", "InventoryJobs", "InventoryModel", "Ledger",
        "LedgerQueries", "ProjectList", "Reporting", "SandboxGateway", "TextFormats",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: settings, plugins: ["EmbedCommit"]),
    .plugin(name: "EmbedCommit", capability: .buildTool(), path: "Sources/CommitEmbedding/Plugin"),
    .target(name: "TestSupport", path: "Tests/TestSupport", exclude: ["workbook.py"], swiftSettings: settings),
    tests("TextFormatsTests", ["TestSupport", "TextFormats"]),
    tests("InventoryModelTests", ["InventoryModel", "TestSupport", "TextFormats"]),
    tests("FilesTests", ["Files", "TestSupport"]),
    tests("DelimitedTextTests", ["DelimitedText"]),
    tests("ProjectListTests", ["DelimitedText", "InventoryModel", "ProjectList", "TextFormats"]),
    tests(
      "GatewayTests",
      [
        "Gateway", "GatewayTransport", "InventoryModel", "SandboxGateway", "TestSupport", "TextFormats",
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    tests(
      "LedgerTests",
      [
        "Auditing", "Files", "InventoryModel", "Ledger", "LedgerQueries", "TextFormats",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    tests("CollectingTests", ["Collecting", "InventoryModel", "TestSupport", "TextFormats"]),
    tests("AuditingTests", ["Auditing", "InventoryModel", "TestSupport", "TextFormats"]),
    tests(
      "ReportingTests",
      ["Auditing", "DelimitedText", "Files", "InventoryModel", "Reporting", "TestSupport", "TextFormats"]),
    tests("LedgerQueriesTests", ["LedgerQueries", "TestSupport", "TextFormats"]),
    tests("DocumentationTests", ["TestSupport"]),
    tests(
      "CommandTests",
      [
        "Auditing", "Collecting", "DelimitedText", "InventoryJobs", "InventoryModel", "SandboxGateway", "TestSupport",
        "TextFormats",
        "jelou-inventory",
        .product(name: "Yams", package: "Yams"),
      ]),
  ]
)
