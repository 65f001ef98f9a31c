#include "ingest/key_listener.hpp"

#include "base/log.hpp"
#include "base/retry.hpp"
#include "ingest/key_queries.hpp"
#include "sql/isolation.hpp"

#include <random>
#include <utility>

namespace nd::ingest {

using namespace std::chrono_literals;

namespace {

constexpr auto look_for_stop = 100ms;
// A connection that silently died would look like one on which nothing happens: ask it something
// now and then.
constexpr auto ask_every = 20s;

}  // namespace

key_listener::key_listener(key_inbox& inbox, std::string direct_url)
    : inbox_(inbox), url_(std::move(direct_url)) {}

base::result<base::pg::connection> key_listener::subscribe() const {
    auto opened = base::pg::connection::open(
        url_, {.application_name = "nd-ingest listen", .connect_timeout = 3s, .deadline = 5s});
    if (!opened) return opened;
    if (auto safe = sql::refuse_unsafe(*opened); !safe) return safe.error();
    if (auto subscribed = opened->listen("nd_control"); !subscribed) return subscribed.error();
    return opened;
}

void key_listener::run() {
    std::minstd_rand random{std::random_device{}()};
    base::backoff wait(200ms, 5s);
    bool said = false;
    while (!inbox_.stopping()) {
        auto connection = subscribe();
        auto problem = connection ? base::error{} : connection.error();
        if (connection) {
            base::log::info("hears about changed keys at once");
            listening_ = true;
            inbox_.everything_changed();  // what happened before LISTEN was not heard
            wait.reset();
            problem = follow(*connection);
            listening_ = false;
            said = false;
        }
        if (inbox_.stopping()) return;
        // Once per outage: it is not an error of ours, and keys stay true by the poll.
        if (!std::exchange(said, true)) {
            base::log::warning(
                "does not hear about changed keys; the poll finds them within a minute",
                {{"reason", problem.detail}});
        }
        if (inbox_.pause(wait.next(random))) return;
    }
}

base::error key_listener::follow(base::pg::connection& on) {
    auto next_question = key_inbox::clock::now() + ask_every;
    while (!inbox_.stopping()) {
        const auto heard = on.wait_notification(look_for_stop);
        if (!heard) return heard.error();
        if (*heard) deliver(**heard);
        if (key_inbox::clock::now() < next_question) continue;
        if (const auto alive = read_control_version(on); !alive) return alive.error();
        next_question = key_inbox::clock::now() + ask_every;
    }
    return {};
}

void key_listener::deliver(const base::pg::notification& heard) {
    if (heard.channel != "nd_control") return;
    const auto tenant = schema::parse_tenant_id(heard.payload);
    if (tenant) return inbox_.tenant_changed(*tenant);
    inbox_.everything_changed();  // '*', or a payload of a later version
}

}  // namespace nd::ingest
