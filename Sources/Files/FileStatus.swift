import CFileSystem

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The status of a path, with symbolic links followed (`stat(2)`).
package struct FileStatus: Sendable {
  /// Equal for two paths exactly if they lead to the same file.
  package struct Identity: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64
  }

  package let identity: Identity
  /// Equal at two points in time exactly if nobody has written to the file in between.
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
  /// The number of names (hard links) that the file has in its file system.
  let linkCount: Int
  /// The permission bits, as in `chmod(2)`.
  let permissions: mode_t
  let owner: uid_t
  let group: gid_t
  /// Whether only the owner of this folder and the owner of a file in it may replace that file (`S_ISVTX`).
  let isSticky: Bool
  /// Whether users other than the owner may read the file.
  package let isReadableByOthers: Bool

  /// Returns nil if nothing exists at the path, or if the path can't be reached.
  package init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// Whether this process may write to the file at the path.
  package static func isWritable(_ path: String) -> Bool { access(path, W_OK) == 0 }

  /// The status of standard input; nil if it is closed.
  package static var ofStandardInput: FileStatus? { FileStatus(descriptor: STDIN_FILENO) }

  /// The status of standard output; nil if it is closed.
  package static var ofStandardOutput: FileStatus? { FileStatus(descriptor: STDOUT_FILENO) }

  /// Returns nil if the descriptor is closed.
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

/// Attributes that prevent even the owner from replacing a file, regardless of its permissions.
///
/// Only Linux reports them (`statx(2)`). On other systems, and for files that do not exist, all are false.
struct FileTraits {
  /// A file system, or a single file, is mounted at this path. Containers often receive single files this way.
  let isMountPoint: Bool
  /// `chattr +i`: the file can't be written to, renamed or removed. In a folder, entries can't be changed.
  let isImmutable: Bool
  /// `chattr +a`: the file can't be replaced. In a folder, entries can be added but never removed.
  let isAppendOnly: Bool

  /// - Parameter path: a symbolic link at the end of the path is not followed.
  init(path: String) {
    let traits = file_traits(path)
    func has(_ trait: Int) -> Bool { Int(traits) & trait != 0 }
    isMountPoint = has(Int(FILE_TRAIT_MOUNT_POINT))
    isImmutable = has(Int(FILE_TRAIT_IMMUTABLE))
    isAppendOnly = has(Int(FILE_TRAIT_APPEND_ONLY))
  }
}
