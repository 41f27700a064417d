/// The program's version, told by `--version`, in reports and to the gateway.
enum Version {
  static let current = "0.2.0"
}
