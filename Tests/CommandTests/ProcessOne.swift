import Foundation
import Glibc

extension Program {
  /// Whether there can be a PID namespace.
  static var canBeProcess1: Bool { getuid() == 0 }

  /// The program as process 1 of a PID namespace, as a container has it: the default effect of a signal is nothing there.
  /// Signals are for ``RunningProgram/child()``; the exit code is the program's.
  func asProcess1() throws -> Program {
    var program = self
    try OrdinaryUser.own(folder.path)
    program.user = []
    program.wrapper = ["/usr/bin/unshare", "--pid", "--fork", "--kill-child"] + user + wrapper
    return program
  }
}
