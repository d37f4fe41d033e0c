// ncurses as Swift 6 can use it: its macros and globals behind inline functions.
#ifndef UNROLL_CNCURSES_H
#define UNROLL_CNCURSES_H

#define NCURSES_WIDECHAR 1
#ifndef _XOPEN_SOURCE_EXTENDED
#define _XOPEN_SOURCE_EXTENDED 1
#endif
#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <term.h>
#include <wchar.h>

// Part of wchar.h that the feature macros may hide.
int wcwidth(wchar_t);

static inline unsigned cnc_bold(void) { return A_BOLD; }
static inline unsigned cnc_dim(void) { return A_DIM; }
static inline unsigned cnc_reverse(void) { return A_REVERSE; }
static inline unsigned cnc_underline(void) { return A_UNDERLINE; }

static inline int cnc_colors(void) { return COLORS; }

// Whether the environment's locale, once set, writes UTF-8.
static inline bool cnc_locale_is_utf8(void) {
  // Only the encoding: the rest of a locale would put commas into the decimals of C code.
  setlocale(LC_CTYPE, "");
  return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

// 1 if the terminal called `name` can place text; 0 if it cannot; -1 if terminfo has no such entry.
static inline int cnc_find_terminal(const char *name, int fd) {
  int error = -1;
  if (setupterm(name, fd, &error) != OK) return error == 1 ? 0 : -1;
  const char *address = tigetstr((char *)"cup");
  bool places = address && address != (const char *)-1;
  del_curterm(cur_term);
  return places;
}

// A string capability of the open terminal; NULL if it has none.
static inline const char *cnc_capability(const char *name) {
  const char *text = tigetstr((char *)name);
  return text == (const char *)-1 ? NULL : text;
}

// Takes the terminal: raw keys, no echo, default colours. NULL if that fails.
static inline SCREEN *cnc_open(const char *name, int out, int in) {
  FILE *output = fdopen(out, "w"), *input = fdopen(in, "r");
  if (!output || !input) return NULL;
  SCREEN *screen = newterm(name, output, input);
  if (!screen) return NULL;
  raw();
  noecho();
  nonl();
  scrollok(stdscr, FALSE);
  leaveok(stdscr, FALSE);
  // alloc_pair() crashes on a terminal without colours, so that nothing may call it there.
  if (has_colors()) {
    start_color();
    use_default_colors();
  }
  // Lines printed while the screen is up are captured one by one.
  setvbuf(stdout, NULL, _IOLBF, 0);
  return screen;
}

static inline bool cnc_has_colors(void) { return has_colors(); }

// Puts one base character with its marks (ended by 0) into a cell.
static inline void cnc_put(int y, int x, const wchar_t *text, unsigned attributes, int pair) {
  cchar_t cell;
  if (setcchar(&cell, text, attributes, 0, &pair) == OK) mvadd_wch(y, x, &cell);
}

static inline void cnc_cursor(int y, int x, bool visible) {
  curs_set(visible ? 1 : 0);
  move(y, x);
}

// Brings the screen up to date; `whole` repaints it without trusting what was drawn before.
static inline void cnc_refresh(bool whole) {
  if (whole) clearok(stdscr, TRUE);
  refresh();
}

static inline void cnc_erase(void) { erase(); }

#endif
