/*
 * A disk that keeps a diary and can be told to fail.
 *
 * Preloaded into a program, it writes down in order every change the program makes to the files of
 * one folder (STOA_FAULTS_ROOT) into a log (STOA_FAULTS_LOG), and makes calls on them fail. The
 * program steers it by "removing" files below /stoa-faults/, which are never looked for:
 *
 *   /stoa-faults/note/TEXT                        a line of the program's own in the log
 *   /stoa-faults/arm/WHAT/ERRNO/N/OFTEN      the N-th next call of a class fails
 *   /stoa-faults/disarm                           no more; "there is none" when nothing failed
 *
 * OFTEN is `once`, `ever` (from then on all) or `each` (every N-th).
 * WHAT is `change` (anything that changes the disk), `read`, or `short` (a write that takes only
 * a part). With STOA_FAULTS_KILL_AT=N the program is killed at the N-th change, and with
 * STOA_FAULTS_TORN set that change is half made before.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { OPEN = 1, CLOSE, WRITE, SYNC, CUT, RENAME, REMOVE, FOLDER, NOTE };
/* What a fault can strike. */
enum class { CHANGE, READ, SHORT };

#define MOST_FILES 4096
static unsigned char watched[MOST_FILES];
static pthread_mutex_t door = PTHREAD_MUTEX_INITIALIZER;
static const char *root;
static size_t root_len;
static int log_fd = -1;
static long kill_at, n_changes;
static int is_torn;

static enum class armed_class;
static int armed_errno, has_struck;
static long armed_in, armed_every;
static int armed_ever;

#define REAL(name) __typeof__(name) *real_##name
#define FIND(name) if (!real_##name) real_##name = (__typeof__(real_##name))dlsym(RTLD_NEXT, #name)

static REAL(open); static REAL(open64); static REAL(openat); static REAL(openat64);
static REAL(creat); static REAL(close); static REAL(closedir);
static REAL(write); static REAL(pwrite); static REAL(pwrite64); static REAL(writev);
static REAL(read); static REAL(pread); static REAL(pread64);
static REAL(fsync); static REAL(fdatasync); static REAL(ftruncate); static REAL(ftruncate64);
static REAL(rename); static REAL(unlink); static REAL(unlinkat); static REAL(rmdir);
static REAL(mkdir); static REAL(copy_file_range);

__attribute__((constructor)) static void begin(void) {
    FIND(open); FIND(open64); FIND(openat); FIND(openat64); FIND(creat); FIND(close); FIND(closedir);
    FIND(write); FIND(pwrite); FIND(pwrite64); FIND(writev);
    FIND(read); FIND(pread); FIND(pread64);
    FIND(fsync); FIND(fdatasync); FIND(ftruncate); FIND(ftruncate64);
    FIND(rename); FIND(unlink); FIND(unlinkat); FIND(rmdir); FIND(mkdir); FIND(copy_file_range);
    root = getenv("STOA_FAULTS_ROOT");
    root_len = root ? strlen(root) : 0;
    const char *log = getenv("STOA_FAULTS_LOG");
    if (log) log_fd = real_open(log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    const char *at = getenv("STOA_FAULTS_KILL_AT");
    kill_at = at ? atol(at) : 0;
    is_torn = getenv("STOA_FAULTS_TORN") != NULL;
}

static int is_ours(const char *path) {
    return root_len && strncmp(path, root, root_len) == 0
        && (path[root_len] == '/' || path[root_len] == 0);
}

static int is_watched(int fd) { return fd >= 0 && fd < MOST_FILES && watched[fd]; }

/* The memory behind the write-ahead log; nothing of it has to survive. */
static int is_shared_memory(const char *path) {
    size_t n = strlen(path);
    return n > 4 && strcmp(path + n - 4, "-shm") == 0;
}

static void put(enum kind kind, int fd, int64_t at, const void *a, uint32_t n_a, const void *b, uint32_t n_b) {
    if (log_fd < 0) return;
    struct __attribute__((packed)) { uint8_t kind; int32_t fd; int64_t at; uint32_t a, b; } head =
        { (uint8_t)kind, fd, at, n_a, n_b };
    struct iovec parts[3] = {
        { &head, sizeof head }, { (void *)a, n_a }, { (void *)b, n_b },
    };
    int saved = errno;
    if (real_writev(log_fd, parts, 3) < 0) abort();
    errno = saved;
}

/* Whether this call is to fail. */
static int strikes(enum class class) {
    if (!armed_in || class != armed_class) return 0;
    if (armed_in > 1) { armed_in--; return 0; }
    has_struck = 1;
    if (!armed_ever) armed_in = armed_every;
    return 1;
}

static int fails(enum class class) {
    if (!strikes(class)) return 0;
    errno = armed_errno;
    return 1;
}

/* Names are changed without being interrupted. */
static int name_fails(void) { return armed_errno == EINTR ? 0 : fails(CHANGE); }

/* Whether the program ends at this change. */
static int is_the_end(void) {
    n_changes++;
    return kill_at && n_changes == kill_at;
}

static void end(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

#define ENTER pthread_mutex_lock(&door)
#define LEAVE pthread_mutex_unlock(&door)

static int steer(const char *what) {
    char class[16], often[16];
    int error; long n;
    if (strncmp(what, "note/", 5) == 0) {
        put(NOTE, -1, 0, what + 5, (uint32_t)strlen(what + 5), "", 0);
        return 0;
    }
    if (sscanf(what, "arm/%15[a-z]/%d/%ld/%15[a-z]", class, &error, &n, often) == 4) {
        armed_class = !strcmp(class, "read") ? READ : !strcmp(class, "short") ? SHORT : CHANGE;
        armed_errno = error; armed_in = n; armed_ever = !strcmp(often, "ever");
        armed_every = !strcmp(often, "each") ? n : 0; has_struck = 0;
        return 0;
    }
    if (strcmp(what, "disarm") == 0) {
        int struck = has_struck;
        armed_in = 0; armed_every = 0; armed_ever = 0; has_struck = 0;
        if (struck) return 0;
    }
    errno = ENOENT;
    return -1;
}

/* ---- opening and closing ---- */

static int open_any(int folder, const char *path, int flags, mode_t mode) {
    int is_here = folder == AT_FDCWD && is_ours(path);
    if (!is_here) return real_openat(folder, path, flags, mode);
    ENTER;
    int fd = -1;
    struct stat before;
    int creates = (flags & O_CREAT) && stat(path, &before) != 0;
    int changes = creates || (flags & O_TRUNC);
    if (changes && !is_shared_memory(path)) {
        if (fails(CHANGE)) { LEAVE; return -1; }
        if (is_the_end()) end();
    }
    fd = real_openat(folder, path, flags, mode);
    if (fd >= 0 && fd < MOST_FILES && !is_shared_memory(path)) {
        watched[fd] = 1;
        put(OPEN, fd, (flags & O_TRUNC ? 1 : 0) | (creates ? 2 : 0), path, (uint32_t)strlen(path), "", 0);
    }
    LEAVE;
    return fd;
}

#define MODE(flags) mode_t mode = 0; \
    if ((flags) & (O_CREAT | __O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }

int open(const char *path, int flags, ...) { MODE(flags); return open_any(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags); return open_any(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags); return open_any(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE(flags); return open_any(folder, path, flags, mode); }
int creat(const char *path, mode_t mode) { return open_any(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

int close(int fd) {
    if (!is_watched(fd)) return real_close(fd);
    ENTER;
    watched[fd] = 0;
    put(CLOSE, fd, 0, "", 0, "", 0);
    int result = real_close(fd);
    LEAVE;
    return result;
}

/* A folder that was opened by its descriptor is closed past close(). */
int closedir(DIR *folder) {
    int fd = dirfd(folder);
    if (!is_watched(fd)) return real_closedir(folder);
    ENTER;
    watched[fd] = 0;
    put(CLOSE, fd, 0, "", 0, "", 0);
    int result = real_closedir(folder);
    LEAVE;
    return result;
}

/* ---- writing ---- */

static ssize_t write_at(int fd, const void *bytes, size_t n, int64_t at, int moves) {
    ENTER;
    if (fails(CHANGE)) { LEAVE; return -1; }
    if (n > 1 && strikes(SHORT)) n = n / 2;
    if (is_the_end()) {
        if (is_torn && n > 1) {
            put(WRITE, fd, at, bytes, (uint32_t)(n / 2), "", 0);
            if (real_pwrite64(fd, bytes, n / 2, at) < 0) abort();
        }
        end();
    }
    ssize_t result = moves ? real_write(fd, bytes, n) : real_pwrite64(fd, bytes, n, at);
    if (result > 0) put(WRITE, fd, at, bytes, (uint32_t)result, "", 0);
    LEAVE;
    return result;
}

static int64_t place(int fd) {
    int flags = fcntl(fd, F_GETFL);
    return lseek(fd, 0, flags >= 0 && (flags & O_APPEND) ? SEEK_END : SEEK_CUR);
}

ssize_t write(int fd, const void *bytes, size_t n) {
    return is_watched(fd) ? write_at(fd, bytes, n, place(fd), 1) : real_write(fd, bytes, n);
}
ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at) {
    return is_watched(fd) ? write_at(fd, bytes, n, at, 0) : real_pwrite(fd, bytes, n, at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at) {
    return is_watched(fd) ? write_at(fd, bytes, n, at, 0) : real_pwrite64(fd, bytes, n, at);
}
/* A part at a time, as the system may do it. */
ssize_t writev(int fd, const struct iovec *parts, int n) {
    if (!is_watched(fd)) return real_writev(fd, parts, n);
    for (int i = 0; i < n; i++)
        if (parts[i].iov_len) return write_at(fd, parts[i].iov_base, parts[i].iov_len, place(fd), 1);
    return 0;
}
/* Programs write themselves what is not copied for them. */
ssize_t copy_file_range(int from, off64_t *at, int to, off64_t *to_at, size_t n, unsigned flags) {
    if (!is_watched(to)) return real_copy_file_range(from, at, to, to_at, n, flags);
    errno = EXDEV;
    return -1;
}

/* ---- reading ---- */

static int read_fails(int fd) {
    if (!is_watched(fd)) return 0;
    ENTER;
    int result = fails(READ);
    LEAVE;
    return result;
}

ssize_t read(int fd, void *to, size_t n) { return read_fails(fd) ? -1 : real_read(fd, to, n); }
ssize_t pread(int fd, void *to, size_t n, off_t at) { return read_fails(fd) ? -1 : real_pread(fd, to, n, at); }
ssize_t pread64(int fd, void *to, size_t n, off64_t at) { return read_fails(fd) ? -1 : real_pread64(fd, to, n, at); }

/* ---- flushing and cutting ---- */

static int change_of_file(int fd, enum kind kind, int64_t at, int (*call)(int, int64_t)) {
    ENTER;
    if (fails(CHANGE)) { LEAVE; return -1; }
    if (is_the_end()) end();
    int result = call(fd, at);
    if (result == 0) put(kind, fd, at, "", 0, "", 0);
    LEAVE;
    return result;
}

static int do_fsync(int fd, int64_t at) { (void)at; return real_fsync(fd); }
static int do_fdatasync(int fd, int64_t at) { (void)at; return real_fdatasync(fd); }
static int do_cut(int fd, int64_t at) { return real_ftruncate64(fd, at); }

int fsync(int fd) { return is_watched(fd) ? change_of_file(fd, SYNC, 0, do_fsync) : real_fsync(fd); }
int fdatasync(int fd) { return is_watched(fd) ? change_of_file(fd, SYNC, 0, do_fdatasync) : real_fdatasync(fd); }
int ftruncate(int fd, off_t n) { return is_watched(fd) ? change_of_file(fd, CUT, n, do_cut) : real_ftruncate(fd, n); }
int ftruncate64(int fd, off64_t n) { return is_watched(fd) ? change_of_file(fd, CUT, n, do_cut) : real_ftruncate64(fd, n); }

/* ---- names ---- */

static int change_of_name(enum kind kind, const char *a, const char *b, mode_t mode) {
    int is_noted = !is_shared_memory(a);
    ENTER;
    if (is_noted) {
        if (name_fails()) { LEAVE; return -1; }
        if (is_the_end()) end();
    }
    int result = kind == RENAME ? real_rename(a, b) : kind == FOLDER ? real_mkdir(a, mode) : real_unlink(a);
    if (result == 0 && is_noted)
        put(kind, -1, 0, a, (uint32_t)strlen(a), b, (uint32_t)strlen(b));
    LEAVE;
    return result;
}

int rename(const char *from, const char *to) {
    return is_ours(from) ? change_of_name(RENAME, from, to, 0) : real_rename(from, to);
}
int unlink(const char *path) {
    if (strncmp(path, "/stoa-faults/", 13) == 0) {
        ENTER;
        int result = steer(path + 13);
        LEAVE;
        return result;
    }
    return is_ours(path) ? change_of_name(REMOVE, path, "", 0) : real_unlink(path);
}
/* Removing whole folders goes by the folder's descriptor. */
int unlinkat(int folder, const char *path, int flags) {
    char whole[PATH_MAX], link[64];
    if (folder == AT_FDCWD) snprintf(whole, sizeof whole, "%s", path);
    else {
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        ssize_t n = readlink(link, whole, sizeof whole - 1);
        if (n < 0) return real_unlinkat(folder, path, flags);
        snprintf(whole + n, sizeof whole - (size_t)n, "/%s", path);
    }
    if (!is_ours(whole)) return real_unlinkat(folder, path, flags);
    ENTER;
    if (name_fails()) { LEAVE; return -1; }
    if (is_the_end()) end();
    int result = real_unlinkat(folder, path, flags);
    if (result == 0) put(REMOVE, -1, 0, whole, (uint32_t)strlen(whole), "", 0);
    LEAVE;
    return result;
}
int rmdir(const char *path) {
    if (!is_ours(path)) return real_rmdir(path);
    ENTER;
    if (name_fails()) { LEAVE; return -1; }
    if (is_the_end()) end();
    int result = real_rmdir(path);
    if (result == 0) put(REMOVE, -1, 0, path, (uint32_t)strlen(path), "", 0);
    LEAVE;
    return result;
}
int mkdir(const char *path, mode_t mode) {
    return is_ours(path) ? change_of_name(FOLDER, path, "", mode) : real_mkdir(path, mode);
}
