#pragma once

// What Linux says and does about files beyond POSIX, for Swift, which imports neither statx(2) nor the extended
// attributes. On other systems nothing is known, and nothing is done.

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>

#ifdef __linux__
#include <linux/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>
#endif

enum { FILE_TRAIT_MOUNT_POINT = 1, FILE_TRAIT_IMMUTABLE = 2, FILE_TRAIT_APPEND_ONLY = 4 };

/// The traits of what is at a path, a link at its end not followed; 0 where nothing is known.
static inline int file_traits(const char *path) {
#if defined(__linux__) && defined(SYS_statx)
  struct statx status;
  if (syscall(SYS_statx, AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_TYPE, &status) != 0) return 0;
  unsigned long long attributes = status.stx_attributes;
  int traits = 0;
#ifdef STATX_ATTR_MOUNT_ROOT
  if (attributes & STATX_ATTR_MOUNT_ROOT) traits |= FILE_TRAIT_MOUNT_POINT;
#endif
  if (attributes & STATX_ATTR_IMMUTABLE) traits |= FILE_TRAIT_IMMUTABLE;
  if (attributes & STATX_ATTR_APPEND) traits |= FILE_TRAIT_APPEND_ONLY;
  return traits;
#else
  (void)path;
  return 0;
#endif
}

/// Locks one byte of an open file for as long as the descriptor is open ("open file description lock", fcntl(2)), which
/// does not wait. 0, or an error number: EAGAIN or EACCES where another has the lock.
static inline int file_lock_byte(int descriptor, long long offset) {
#ifdef __linux__
  struct flock lock = {.l_type = F_WRLCK, .l_whence = 0 /* SEEK_SET */, .l_start = offset, .l_len = 1};
  return fcntl(descriptor, 37 /* F_OFD_SETLK */, &lock) == 0 ? 0 : errno;
#else
  (void)descriptor;
  (void)offset;
  return ENOTSUP;
#endif
}

/// Whether another has a byte locked with `file_lock_byte`; takes nothing.
static inline int file_byte_is_locked(int descriptor, long long offset) {
#ifdef __linux__
  struct flock lock = {.l_type = F_WRLCK, .l_whence = 0 /* SEEK_SET */, .l_start = offset, .l_len = 1};
  return fcntl(descriptor, 36 /* F_OFD_GETLK */, &lock) == 0 && lock.l_type != F_UNLCK;
#else
  (void)descriptor;
  (void)offset;
  return 0;
#endif
}

/// Reads an extended attribute (xattr(7)). Its length, or -1.
static inline ptrdiff_t file_attribute(const char *path, const char *name, void *value, size_t size) {
#ifdef __linux__
  return getxattr(path, name, value, size);
#else
  (void)path;
  (void)name;
  (void)value;
  (void)size;
  return -1;
#endif
}

/// Sets an extended attribute (xattr(7)). 0, or -1.
static inline int file_set_attribute(const char *path, const char *name, const void *value, size_t size) {
#ifdef __linux__
  return setxattr(path, name, value, size, 0);
#else
  (void)path;
  (void)name;
  (void)value;
  (void)size;
  return -1;
#endif
}
