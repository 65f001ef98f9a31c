#include "ingest/key_keeper.hpp"

#include "base/log.hpp"
#include "base/retry.hpp"
#include "ingest/key_listener.hpp"
#include "ingest/key_loader.hpp"
#include "sql/isolation.hpp"

#include <algorithm>
#include <random>
#include <utility>

namespace nd::ingest {

using namespace std::chrono_literals;
using clock = key_table::clock;

struct key_keeper::parts {
    parts(key_table& t, key_inbox& i, key_keeper_config c)
        : table(t),
          inbox(i),
          config(std::move(c)),
          listener(i, config.listen_url.empty() ? config.database_url : config.listen_url) {}

    void run();
    [[nodiscard]] base::result<> session();
    [[nodiscard]] base::error refuse(const base::error& why);
    [[nodiscard]] base::result<> serve(key_loader& loader);
    [[nodiscard]] base::result<> handle(key_loader& loader, const key_inbox::mail& mail);
    void away(const base::error& why);

    key_table& table;
    key_inbox& inbox;
    key_keeper_config config;
    key_listener listener;
    unwritten_use used;
    base::backoff wait{200ms, 5s};
    bool said_away = false;
    std::atomic<bool> reachable{false};
    mutable std::mutex lock;
    std::optional<base::error> refused;  // under the lock
    std::thread keeper_thread;
    std::thread listener_thread;
};

key_keeper::key_keeper(key_table& table, key_inbox& inbox, key_keeper_config config)
    : parts_(std::make_unique<parts>(table, inbox, std::move(config))) {}

key_keeper::~key_keeper() {
    stop();
}

void key_keeper::start() {
    parts_->listener_thread = std::thread([this] { parts_->listener.run(); });
    parts_->keeper_thread = std::thread([this] { parts_->run(); });
}

void key_keeper::stop() {
    parts_->inbox.stop();
    if (parts_->keeper_thread.joinable()) parts_->keeper_thread.join();
    if (parts_->listener_thread.joinable()) parts_->listener_thread.join();
}

key_keeper::state key_keeper::now() const {
    state out{.loaded = parts_->table.loaded(),
              .postgres_reachable = parts_->reachable,
              .listening = parts_->listener.listening(),
              .keys = parts_->table.size()};
    if (const auto confirmed = parts_->table.confirmed_at()) {
        out.confirmed_ago =
            std::chrono::duration_cast<std::chrono::seconds>(clock::now() - *confirmed);
    }
    return out;
}

std::optional<base::error> key_keeper::refused() const {
    const std::scoped_lock held(parts_->lock);
    return parts_->refused;
}

void key_keeper::parts::run() {
    std::minstd_rand random{std::random_device{}()};
    while (!inbox.stopping()) {
        const auto ended = session();
        if (inbox.stopping()) return;
        away(ended ? base::error{} : ended.error());
        {
            const std::scoped_lock held(lock);
            if (refused) return;
        }
        if (inbox.pause(wait.next(random))) return;
    }
}

void key_keeper::parts::away(const base::error& why) {
    reachable = false;
    inbox.reachable(false);
    // Once per outage, not once per attempt.
    if (std::exchange(said_away, true)) return;
    base::log::warning("cannot read keys; known keys live on for a while",
                       {{"reason", why.detail}, {"known", table.size()}});
}

base::result<> key_keeper::parts::session() {
    auto opened = base::pg::connection::open(
        config.database_url,
        {.application_name = "nd-ingest", .connect_timeout = 3s, .deadline = 5s});
    if (!opened) return opened.error();
    // At the start only: a role that becomes unsafe later is doctor's business, not a reason to
    // turn customers away.
    if (!table.loaded()) {
        if (auto safe = sql::refuse_unsafe(*opened); !safe) return refuse(safe.error());
    }
    // What came before the load is in it.
    (void)inbox.wait_until(clock::now());
    key_loader loader(*std::move(opened), table, inbox, used);
    if (auto loaded = loader.load_all(); !loaded) return loaded;
    reachable = true;
    inbox.reachable(true);
    wait.reset();
    said_away = false;
    base::log::info("knows the keys", {{"keys", table.size()}});
    return serve(loader);
}

base::error key_keeper::parts::refuse(const base::error& why) {
    // A SQLSTATE means that the question failed, not that the answer was bad.
    if (why.code == base::errc::refused && why.sqlstate.empty()) {
        const std::scoped_lock held(lock);
        refused = why;
    }
    return why;
}

base::result<> key_keeper::parts::serve(key_loader& loader) {
    // Often enough that a short stale bound does not pass between two polls.
    const auto poll_every = std::min<clock::duration>(
        config.poll_every, std::max<clock::duration>(table.stale_after() / 4, 100ms));
    auto next_poll = clock::now() + poll_every;
    auto next_use = clock::now() + config.record_use_every;
    for (;;) {
        const auto mail = inbox.wait_until(std::min(next_poll, next_use));
        if (mail.stop) return loader.write_last_use();
        if (auto done = handle(loader, mail); !done) return done;
        if (clock::now() >= next_poll) {
            if (auto done = loader.poll(); !done) return done;
            next_poll = clock::now() + poll_every;
        }
        if (clock::now() >= next_use) {
            if (auto done = loader.write_last_use(); !done) return done;
            next_use = clock::now() + config.record_use_every;
        }
    }
}

base::result<> key_keeper::parts::handle(key_loader& loader, const key_inbox::mail& mail) {
    if (mail.everything) {
        if (auto done = loader.load_all(); !done) return done;
    } else if (!mail.changed.empty()) {
        if (auto done = loader.load_tenants(mail.changed); !done) return done;
    }
    for (const auto& hash : mail.wanted) {
        if (auto done = loader.look_up(hash); !done) return done;
    }
    return {};
}

}  // namespace nd::ingest
