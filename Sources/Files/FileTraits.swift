import CFileSystem

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
