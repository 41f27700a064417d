import CFileSystem

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the system tells about a path, symbolic links followed.
package struct FileStatus: Sendable {
  /// The same for two paths exactly when they lead to the same file.
  package struct Identity: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64
  }

  package let identity: Identity
  /// The same for two looks at a file exactly when nobody has written to it in between.
  package struct Version: Hashable, Sendable {
    let identity: Identity
    package let size: Int64
    let seconds: Int
    let nanoseconds: Int
  }

  package let version: Version
  package let isDirectory: Bool
  package let isRegularFile: Bool
  /// In bytes.
  package let size: Int
  /// How many names the file has in its file system.
  let linkCount: Int
  /// The bits of `chmod(2)`.
  let permissions: mode_t
  let owner: uid_t
  let group: gid_t
  /// Whether, in this folder, only its owner and a file's owner may replace that file (`S_ISVTX`).
  let isSticky: Bool
  /// Whether users other than the owner may read the file.
  package let isReadableByOthers: Bool

  /// nil when there is nothing at the path, or no way to it.
  package init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// Whether this process may write to what is at the path.
  package static func isWritable(_ path: String) -> Bool { access(path, W_OK) == 0 }

  /// nil when it is closed.
  package static var ofStandardInput: FileStatus? { FileStatus(descriptor: STDIN_FILENO) }

  /// nil when it is closed.
  package static var ofStandardOutput: FileStatus? { FileStatus(descriptor: STDOUT_FILENO) }

  /// nil when it is closed.
  init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    #if canImport(Darwin)
      let modified = status.st_mtimespec
    #else
      let modified = status.st_mtim
    #endif
    identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    version = Version(
      identity: identity, size: Int64(status.st_size), seconds: modified.tv_sec, nanoseconds: modified.tv_nsec)
    isDirectory = status.st_mode & S_IFMT == S_IFDIR
    isRegularFile = status.st_mode & S_IFMT == S_IFREG
    size = Int(status.st_size)
    linkCount = Int(status.st_nlink)
    permissions = status.st_mode & 0o777
    owner = status.st_uid
    group = status.st_gid
    isSticky = status.st_mode & S_ISVTX != 0
    isReadableByOthers = status.st_mode & (S_IRGRP | S_IROTH) != 0
  }
}

/// What keeps even a file's owner from replacing it, whatever its permissions say. Only Linux reports it (`statx(2)`);
/// elsewhere, and for a file that is not there, nothing is known and all are false.
struct FileTraits {
  /// Something is mounted at this very name: a file system, or a single file, as containers are given them.
  let isMountPoint: Bool
  /// `chattr +i`: can't be written to, renamed or removed; a folder's entries can't be changed.
  let isImmutable: Bool
  /// `chattr +a`: can't be replaced; a folder takes new entries, and keeps them for ever.
  let isAppendOnly: Bool

  /// - Parameter path: a link at its end is not followed.
  init(path: String) {
    let traits = file_traits(path)
    func has(_ trait: Int) -> Bool { Int(traits) & trait != 0 }
    isMountPoint = has(Int(FILE_TRAIT_MOUNT_POINT))
    isImmutable = has(Int(FILE_TRAIT_IMMUTABLE))
    isAppendOnly = has(Int(FILE_TRAIT_APPEND_ONLY))
  }
}
