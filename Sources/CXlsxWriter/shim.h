// libxlsxwriter, and the zlib that it is built upon.
#include <errno.h>
#include <stdio.h>
#include <xlsxwriter.h>
#include <zlib.h>

/// `workbook_close`, without the lines that it prints to standard error when it fails: what failed is in its result and
/// in `errno`, and standard error belongs to the program's own log.
static inline lxw_error workbook_close_quietly(lxw_workbook *workbook) {
#if defined(__GLIBC__) || defined(__APPLE__)
  FILE *const standard_error = stderr;
  FILE *const nowhere = fopen("/dev/null", "w");
  if (nowhere) stderr = nowhere;
  errno = 0;
  lxw_error result = workbook_close(workbook);
  int const reason = errno;
  stderr = standard_error;
  if (nowhere) fclose(nowhere);
  errno = reason;
  return result;
#else
  errno = 0;
  return workbook_close(workbook);
#endif
}
