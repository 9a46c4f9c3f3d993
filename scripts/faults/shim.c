// Faults in the file operations of a process that starts with this library in LD_PRELOAD: the n-th operation of a kind that
// changes a file below SLUICE_FAULTS_DIR, counted over all threads, is where the process dies, gets an error, writes half of
// what it was given, stands still or is told to interrupt itself. What to do stands in a block of memory that the harness
// shares with it (the file SLUICE_FAULTS_CONTROL), so that one process serves many points.
//
// The layout of the block is that of Control.java.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum op { WRITE, FSYNC, RENAME, UNLINK, OPEN, READ_OPEN, TRUNCATE, LINK, MKDIR, OPS };
enum action { NONE, KILL, FAIL, SHORT, TORN, TELL, STOP };

#define STAGES 8
#define PATHS 65536

struct control {
  _Atomic int32_t stage;         // 0: where the process is now, written by it
  int32_t wanted_stage;          // 4: where the fault strikes; -1: anywhere
  int32_t ops;                   // 8: a bit for each kind of operation that is counted
  int32_t action;                // 12
  int32_t error;                 // 16: errno
  int32_t sticky;                // 20: all from the n-th on
  int64_t nth;                   // 24
  _Atomic int64_t count;         // 32
  _Atomic int32_t fired;         // 40: how often it struck
  _Atomic int32_t told;          // 44: 1 while a thread waits for the answer to TELL
  int64_t clock;                 // 48: seconds that are added to the clock of the day
  _Atomic int32_t armed;         // 56
  int32_t struck;                // 60: the operation that it struck
  _Atomic int64_t seen[STAGES][16]; // 64: operations by stage and kind, faults or not
  char path[1024];               // 1088: the file that it struck
  int32_t after;                 // 2112: counting begins when so many commits of the folder have happened
  _Atomic int32_t commits;       // 2116
};

static struct control *control;
static char folder[PATH_MAX];
static size_t folder_length;
static unsigned char ours[PATHS];

#define REAL(type, name, ...) \
  static type (*real)(__VA_ARGS__); \
  if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name);

__attribute__((constructor)) static void begin(void) {
  const char *dir = getenv("SLUICE_FAULTS_DIR");
  const char *file = getenv("SLUICE_FAULTS_CONTROL");
  if (!dir || !file || strlen(dir) >= sizeof folder) return;
  int fd = syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  void *block = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  syscall(SYS_close, fd);
  if (block == MAP_FAILED) return;
  strcpy(folder, dir);
  folder_length = strlen(folder);
  control = block;
}

static int inside(const char *path) {
  return control && path && strncmp(path, folder, folder_length) == 0 &&
         (path[folder_length] == '/' || path[folder_length] == 0);
}

static int inside_at(int dir, const char *path) {
  if (path && path[0] == '/') return inside(path);
  return control && dir >= 0 && dir < PATHS && ours[dir];
}

static int inside_fd(int fd) { return control && fd >= 0 && fd < PATHS && ours[fd]; }

static void keep(int fd, int is_ours) {
  if (fd >= 0 && fd < PATHS) ours[fd] = is_ours;
}

static void die(void) {
  syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
  for (;;) pause();
}

static void name_path(int fd, const char *path) {
  if (path) {
    strncpy(control->path, path, sizeof control->path - 1);
    return;
  }
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, control->path, sizeof control->path - 1);
  control->path[length < 0 ? 0 : length] = 0;
}

// What to do with this operation; KILL is done here, FAIL has errno set.
static enum action strike(enum op op, int fd, const char *path) {
  int stage = control->stage;
  if (stage < 0 || stage >= STAGES) return NONE;
  atomic_fetch_add(&control->seen[stage][op], 1);
  if (!control->armed || stage == 0 || (control->wanted_stage >= 0 && stage != control->wanted_stage)) return NONE;
  if (!(control->ops >> op & 1) || control->commits < control->after) return NONE;
  int64_t number = atomic_fetch_add(&control->count, 1) + 1;
  if (number != control->nth && !(control->sticky && number > control->nth)) return NONE;
  enum action action = control->action;
  if (atomic_fetch_add(&control->fired, 1) == 0) {
    control->struck = op;
    name_path(fd, path);
  }
  switch (action) {
    case KILL: die(); break;
    case FAIL: errno = control->error; break;
    case STOP: syscall(SYS_kill, syscall(SYS_getpid), SIGSTOP); break;
    case TELL: {
      // The process interrupts itself: a thread of it waits for this word, and answers by taking it back.
      atomic_store(&control->told, 1);
      for (int wait = 0; wait < 2000 && atomic_load(&control->told); wait++) {
        struct timespec pause = {0, 100000};
        nanosleep(&pause, NULL);
      }
      break;
    }
    default: break;
  }
  return action;
}

#define FAILS(is_ours, op, fd, path) ((is_ours) && strike(op, fd, path) == FAIL)

// ------------------------------------------------------------------ open

static enum op opening(int flags) { return (flags & (O_ACCMODE | O_CREAT | O_TRUNC)) == O_RDONLY ? READ_OPEN : OPEN; }

#define OPENED(name) \
  int name(const char *path, int flags, ...) { \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); } \
    REAL(int, #name, const char *, int, ...) \
    int mine = inside(path); \
    if (FAILS(mine, opening(flags), -1, path)) return -1; \
    int fd = real(path, flags, mode); \
    keep(fd, mine); \
    return fd; \
  }
OPENED(open)
OPENED(open64)

#define OPENED_AT(name) \
  int name(int dir, const char *path, int flags, ...) { \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); } \
    REAL(int, #name, int, const char *, int, ...) \
    int mine = inside_at(dir, path); \
    if (FAILS(mine, opening(flags), -1, path)) return -1; \
    int fd = real(dir, path, flags, mode); \
    keep(fd, mine); \
    return fd; \
  }
OPENED_AT(openat)
OPENED_AT(openat64)

int close(int fd) {
  REAL(int, "close", int)
  keep(fd, 0);
  return real(fd);
}

int dup2(int from, int to) {
  REAL(int, "dup2", int, int)
  int fd = real(from, to);
  if (fd >= 0) keep(to, inside_fd(from));
  return fd;
}

int dup(int from) {
  REAL(int, "dup", int)
  int fd = real(from);
  keep(fd, inside_fd(from));
  return fd;
}

// ------------------------------------------------------------------ write

// How many bytes to write: all, or half of them; -1 is an error. TORN dies after the half.
static ssize_t granted(int fd, size_t count, int *torn) {
  *torn = 0;
  switch (strike(WRITE, fd, NULL)) {
    case FAIL: return -1;
    case SHORT: return count > 1 ? (ssize_t)(count / 2) : (ssize_t)count;
    case TORN: *torn = 1; return (ssize_t)(count / 2);
    default: return (ssize_t)count;
  }
}

ssize_t write(int fd, const void *bytes, size_t count) {
  REAL(ssize_t, "write", int, const void *, size_t)
  if (!inside_fd(fd)) return real(fd, bytes, count);
  int torn;
  ssize_t allowed = granted(fd, count, &torn);
  if (allowed < 0) return -1;
  ssize_t written = real(fd, bytes, allowed);
  if (torn) die();
  return written;
}

#define PWRITTEN(name) \
  ssize_t name(int fd, const void *bytes, size_t count, off_t offset) { \
    REAL(ssize_t, #name, int, const void *, size_t, off_t) \
    if (!inside_fd(fd)) return real(fd, bytes, count, offset); \
    int torn; \
    ssize_t allowed = granted(fd, count, &torn); \
    if (allowed < 0) return -1; \
    ssize_t written = real(fd, bytes, allowed, offset); \
    if (torn) die(); \
    return written; \
  }
PWRITTEN(pwrite)
PWRITTEN(pwrite64)

ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(ssize_t, "writev", int, const struct iovec *, int)
  if (!inside_fd(fd) || count < 1) return real(fd, parts, count);
  int torn;
  ssize_t allowed = granted(fd, parts[0].iov_len + (count > 1), &torn);
  if (allowed < 0) return -1;
  struct iovec half = {parts[0].iov_base, parts[0].iov_len / 2};
  int whole = allowed == (ssize_t)(parts[0].iov_len + (count > 1));
  ssize_t written = whole ? real(fd, parts, count) : real(fd, &half, 1);
  if (torn) die();
  return written;
}

#define SENT(name) \
  ssize_t name(int to, int from, off_t *offset, size_t count) { \
    REAL(ssize_t, #name, int, int, off_t *, size_t) \
    if (!inside_fd(to)) return real(to, from, offset, count); \
    int torn; \
    ssize_t allowed = granted(to, count, &torn); \
    if (allowed < 0) return -1; \
    ssize_t written = real(to, from, offset, allowed); \
    if (torn) die(); \
    return written; \
  }
SENT(sendfile)
SENT(sendfile64)

ssize_t copy_file_range(int from, off_t *in, int to, off_t *out, size_t count, unsigned flags) {
  REAL(ssize_t, "copy_file_range", int, off_t *, int, off_t *, size_t, unsigned)
  if (!inside_fd(to)) return real(from, in, to, out, count, flags);
  int torn;
  ssize_t allowed = granted(to, count, &torn);
  if (allowed < 0) return -1;
  ssize_t written = real(from, in, to, out, allowed, flags);
  if (torn) die();
  return written;
}

#define TRUNCATED(name, type) \
  int name(int fd, type length) { \
    REAL(int, #name, int, type) \
    return FAILS(inside_fd(fd), TRUNCATE, fd, NULL) ? -1 : real(fd, length); \
  }
TRUNCATED(ftruncate, off_t)
TRUNCATED(ftruncate64, off_t)

int fallocate(int fd, int mode, off_t offset, off_t length) {
  REAL(int, "fallocate", int, int, off_t, off_t)
  return FAILS(inside_fd(fd), TRUNCATE, fd, NULL) ? -1 : real(fd, mode, offset, length);
}

// ------------------------------------------------------------------ sync, names

#define SYNCED(name) \
  int name(int fd) { \
    REAL(int, #name, int) \
    return FAILS(inside_fd(fd), FSYNC, fd, NULL) ? -1 : real(fd); \
  }
SYNCED(fsync)
SYNCED(fdatasync)

// What is renamed to be the journal is a step that has happened from then on.
static void count_commit(const char *to) {
  const char *name = strrchr(to, '/');
  if (name && strcmp(name, "/journal") == 0 && control->armed && control->stage == control->wanted_stage)
    atomic_fetch_add(&control->commits, 1);
}

int rename(const char *from, const char *to) {
  REAL(int, "rename", const char *, const char *)
  int mine = inside(to) || inside(from);
  if (FAILS(mine, RENAME, -1, to)) return -1;
  int code = real(from, to);
  if (mine && code == 0) count_commit(to);
  return code;
}

int renameat(int from_dir, const char *from, int to_dir, const char *to) {
  REAL(int, "renameat", int, const char *, int, const char *)
  int mine = inside_at(to_dir, to);
  if (FAILS(mine, RENAME, -1, to)) return -1;
  int code = real(from_dir, from, to_dir, to);
  if (mine && code == 0) count_commit(to);
  return code;
}

int unlink(const char *path) {
  REAL(int, "unlink", const char *)
  return FAILS(inside(path), UNLINK, -1, path) ? -1 : real(path);
}

int unlinkat(int dir, const char *path, int flags) {
  REAL(int, "unlinkat", int, const char *, int)
  return FAILS(inside_at(dir, path), UNLINK, -1, path) ? -1 : real(dir, path, flags);
}

int remove(const char *path) {
  REAL(int, "remove", const char *)
  return FAILS(inside(path), UNLINK, -1, path) ? -1 : real(path);
}

int rmdir(const char *path) {
  REAL(int, "rmdir", const char *)
  return FAILS(inside(path), UNLINK, -1, path) ? -1 : real(path);
}

int link(const char *from, const char *to) {
  REAL(int, "link", const char *, const char *)
  return FAILS(inside(to), LINK, -1, to) ? -1 : real(from, to);
}

int symlink(const char *from, const char *to) {
  REAL(int, "symlink", const char *, const char *)
  return FAILS(inside(to), LINK, -1, to) ? -1 : real(from, to);
}

int mkdir(const char *path, mode_t mode) {
  REAL(int, "mkdir", const char *, mode_t)
  return FAILS(inside(path), MKDIR, -1, path) ? -1 : real(path, mode);
}

// ------------------------------------------------------------------ the clock of the day

int clock_gettime(clockid_t which, struct timespec *now) {
  REAL(int, "clock_gettime", clockid_t, struct timespec *)
  int code = real(which, now);
  if (code == 0 && control && which == CLOCK_REALTIME) now->tv_sec += control->clock;
  return code;
}
