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

let package = Package(
  name: "jelou-inventory",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "jelou-inventory", targets: ["jelou-inventory"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0", traits: []),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
    .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.1.0"),
    .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.0"),
  ],
  targets: [
    source("InventoryModel"),
    source("Files", ["CFileSystem"]),
    .systemLibrary(name: "CFileSystem"),
    source("DelimitedText"),
    source("ProjectList", ["DelimitedText", "Files", "InventoryModel"]),
    source(
      "Gateway",
      [
        "DelimitedText", "Files", "InventoryModel",
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
        "Files", "InventoryModel",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    source("Collecting", ["InventoryModel"]),
    source("Auditing", ["InventoryModel"]),
    source(
      "Reporting",
      [
        "CXlsxWriter", "DelimitedText", "Files", "InventoryModel", "ReportTemplates",
        .product(name: "Mustache", package: "swift-mustache"),
      ]),
    .systemLibrary(
      name: "CXlsxWriter", pkgConfig: "xlsxwriter",
      providers: [.apt(["libxlsxwriter-dev"]), .brew(["libxlsxwriter"])]),
    .target(
      name: "ReportTemplates", path: "templates", swiftSettings: settings, plugins: ["EmbedTexts"]),
    .target(
      name: "Questions", dependencies: ["InventoryModel"], swiftSettings: settings, plugins: ["EmbedTexts"]),
    .plugin(
      name: "EmbedTexts", capability: .buildTool(), dependencies: ["TextEmbedder"],
      path: "Sources/TextEmbedding/Plugin"),
    .executableTarget(name: "TextEmbedder", path: "Sources/TextEmbedding/Generator", swiftSettings: settings),
    source(
      "SandboxGateway",
      [
        "Files", "InventoryModel",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    .executableTarget(
      name: "jelou-inventory",
      dependencies: [
        "Auditing", "Collecting", "DelimitedText", "Files", "Gateway", "InventoryModel", "Ledger", "ProjectList",
        "Questions", "Reporting", "SandboxGateway",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: settings, plugins: ["EmbedCommit"]),
    .plugin(name: "EmbedCommit", capability: .buildTool(), path: "Sources/CommitEmbedding/Plugin"),
    .target(name: "TestSupport", path: "Tests/TestSupport", exclude: ["workbook.py"], swiftSettings: settings),
    tests("InventoryModelTests", ["InventoryModel"]),
    tests("FilesTests", ["Files", "TestSupport"]),
    tests("DelimitedTextTests", ["DelimitedText"]),
    tests("ProjectListTests", ["DelimitedText", "InventoryModel", "ProjectList"]),
    tests(
      "GatewayTests",
      [
        "Gateway", "InventoryModel", "SandboxGateway", "TestSupport",
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    tests(
      "LedgerTests",
      [
        "Files", "InventoryModel", "Ledger", "Questions",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    tests("CollectingTests", ["Collecting", "InventoryModel", "TestSupport"]),
    tests("AuditingTests", ["Auditing", "InventoryModel"]),
    tests("ReportingTests", ["DelimitedText", "Files", "InventoryModel", "Reporting", "TestSupport"]),
    tests("QuestionsTests", ["InventoryModel", "Questions"]),
    tests(
      "CommandTests",
      [
        "DelimitedText", "InventoryModel", "SandboxGateway", "TestSupport", "jelou-inventory",
        .product(name: "Yams", package: "Yams"),
      ]),
  ]
)
