// libxlsxwriter, and the zlib that it is built upon.
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <xlsxwriter.h>
#include <zlib.h>

/// `workbook_close`, without the lines that it prints to standard error when it fails: what failed is in its result and
/// in `errno`, and standard error belongs to the program's own log.
///
/// One at a time, as `stderr` is everybody's. Where it leads meanwhile is never closed: another thread may have read it.
static inline lxw_error workbook_close_quietly(lxw_workbook *workbook) {
#if defined(__GLIBC__) || defined(__APPLE__)
  static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
  static FILE *nowhere;
  pthread_mutex_lock(&turn);
  if (!nowhere) nowhere = fopen("/dev/null", "w");
  FILE *const standard_error = stderr;
  if (nowhere) stderr = nowhere;
  errno = 0;
  lxw_error result = workbook_close(workbook);
  int const reason = errno;
  stderr = standard_error;
  pthread_mutex_unlock(&turn);
  errno = reason;
  return result;
#else
  errno = 0;
  return workbook_close(workbook);
#endif
}
