// An empty data package for ICU, the Unicode library within Foundation: what ICU itself calls stub data
// (https://unicode-org.github.io/icu/userguide/icu_data/). Linked into the program, it takes the place of 31 MB of names,
// formats and rules of all languages. The program has its own languages, writes its times in UTC itself, and asks Foundation
// for none of it; what is asked anyway, the time zone, is then GMT.
//
// The layout is a header (ICU's udata.h, UDataInfo) of the format "ToCP" and a table of contents of no entries.
#include <stdint.h>

struct package {
  uint16_t header_size;
  uint8_t magic[2];
  uint16_t info_size, reserved;
  uint8_t is_big_endian, charset_family, size_of_character, reserved_too;
  uint8_t format[4], format_version[4], data_version[4];
  uint8_t padding[8];
  uint32_t entries, more_padding[3];
};

#define PACKAGE(name) \
  const struct package name __attribute__((aligned(16))) = { \
      .header_size = 32, .magic = {0xda, 0x27}, .info_size = 20, .size_of_character = 2, \
      .format = {'T', 'o', 'C', 'P'}, .format_version = {1}};

// Its name has ICU's version, of which each release of Swift has its own; the linker's --wrap turns to these instead.
PACKAGE(__wrap_icudt74_dat)
PACKAGE(__wrap_icudt75_dat)
PACKAGE(__wrap_icudt76_dat)
PACKAGE(__wrap_icudt77_dat)
PACKAGE(__wrap_icudt78_dat)
