// Linked into the tests of the tsan build only. librdkafka makes its threads and locks through
// C11's <threads.h>, which ThreadSanitizer of GCC 12 does not watch: a thread that it has not seen
// begin crashes it, and a lock that it has not seen taken is a race to it. In glibc both kinds are
// the same objects, so here they are sent through POSIX, which it watches.
#include <pthread.h>
#include <threads.h>

#include <cerrno>
#include <cstdint>
#include <memory>

namespace {

static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t) && sizeof(cnd_t) == sizeof(pthread_cond_t));

pthread_mutex_t* posix(mtx_t* lock) {
    return reinterpret_cast<pthread_mutex_t*>(lock);
}
pthread_cond_t* posix(cnd_t* condition) {
    return reinterpret_cast<pthread_cond_t*>(condition);
}
int c11(int code) {
    return code == 0 ? thrd_success : code == ETIMEDOUT ? thrd_timedout : thrd_error;
}

struct beginning {
    thrd_start_t run;
    void* with;
};
void* begin(void* given) {
    const std::unique_ptr<beginning> what(static_cast<beginning*>(given));
    return reinterpret_cast<void*>(static_cast<std::intptr_t>(what->run(what->with)));
}

}  // namespace

extern "C" {

int thrd_create(thrd_t* made, thrd_start_t run, void* with) {
    return c11(pthread_create(made, nullptr, begin, new beginning{run, with}));
}
int thrd_join(thrd_t which, int* status) {
    void* said = nullptr;
    const int code = pthread_join(which, &said);
    if (status != nullptr) *status = static_cast<int>(reinterpret_cast<std::intptr_t>(said));
    return c11(code);
}
int mtx_init(mtx_t* lock, int kind) noexcept {
    pthread_mutexattr_t how;
    pthread_mutexattr_init(&how);
    if ((kind & mtx_recursive) != 0) pthread_mutexattr_settype(&how, PTHREAD_MUTEX_RECURSIVE);
    const int code = pthread_mutex_init(posix(lock), &how);
    pthread_mutexattr_destroy(&how);
    return c11(code);
}
int mtx_lock(mtx_t* lock) {
    return c11(pthread_mutex_lock(posix(lock)));
}
int mtx_unlock(mtx_t* lock) noexcept {
    return c11(pthread_mutex_unlock(posix(lock)));
}
void mtx_destroy(mtx_t* lock) noexcept {
    pthread_mutex_destroy(posix(lock));
}
int cnd_init(cnd_t* condition) noexcept {
    return c11(pthread_cond_init(posix(condition), nullptr));
}
int cnd_signal(cnd_t* condition) {
    return c11(pthread_cond_signal(posix(condition)));
}
int cnd_broadcast(cnd_t* condition) {
    return c11(pthread_cond_broadcast(posix(condition)));
}
int cnd_wait(cnd_t* condition, mtx_t* lock) {
    return c11(pthread_cond_wait(posix(condition), posix(lock)));
}
int cnd_timedwait(cnd_t* condition, mtx_t* lock, const timespec* until) {
    return c11(pthread_cond_timedwait(posix(condition), posix(lock), until));
}
void cnd_destroy(cnd_t* condition) noexcept {
    pthread_cond_destroy(posix(condition));
}

}  // extern "C"
