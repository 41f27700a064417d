import Testing

@testable import Auditing

@Suite("A host that is not public")
struct HostReachTests {
  @Test(
    "is known in every spelling",
    arguments: [
      "localhost", "a.localhost", "intranet", "printer.local", "api.internal", "x.test", "x.invalid", "nas.home.arpa",
      "home.arpa", "localhost.", "printer.local.", "127.0.0.1", "127.1", "127.0.0.1.", "0x7f000001", "0x7f.1",
      "2130706433", "0177.0.0.1", "0", "0.0.0.0", "10.0.0.1", "10.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
      "169.254.169.254", "100.64.0.1", "100.127.255.255", "224.0.0.1", "255.255.255.255", "192.0.2.1", "256.1.1.1",
      "1.2.3.4.5", "127%2e0%2e0%2e1", "::1", "[::1]", "[::]", "[fe80::1]", "[fe80::1%25eth0]", "[fd00::1]",
      "[fc00::1]", "[ff02::1]", "[::ffff:127.0.0.1]", "[::ffff:a00:1]", "[::ffff:192.168.0.1]", "[::127.0.0.1]",
      "[64:ff9b::10.0.0.1]", "[2002:7f00:1::]", "[2001:db8::1]",
    ])
  func isPrivate(host: String) {
    #expect(HostReach.privateKind(of: host) != nil)
  }

  @Test(
    "is not seen in one that is",
    arguments: [
      "hooks.example.com", "hooks.example.com.", "8.8.8.8", "1.1", "172.15.0.1", "172.32.0.1", "100.63.255.255",
      "100.128.0.1", "192.169.0.1", "126.255.255.255", "128.0.0.1", "169.253.0.1", "0x08080808", "134744072",
      "[2606:4700::1111]", "[::ffff:8.8.8.8]", "[2002:808:808::]", "local.example.com", "mylocal.com", "x.latest",
      "10.example.com", "0x7f000001.example.com", "xn--bcher-kva.example",
    ])
  func isPublic(host: String) {
    #expect(HostReach.privateKind(of: host) == nil)
  }
}
