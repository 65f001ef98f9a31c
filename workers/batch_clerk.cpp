#include "workers/batch_clerk.hpp"

#include "base/log.hpp"
#include "workers/batch_verdict.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace nd::workers {
namespace asio = boost::asio;

namespace {

using namespace std::chrono_literals;
constexpr auto idle = 500ms;
constexpr const char* ref_key = "nd_batch";
constexpr int most_list_pages = 100;
using booked = call_end::booked;

}  // namespace

batch_clerk::batch_clerk(asio::io_context& io, clerk_settings with, job_desk& jobs,
                         model::openai_client* client, asker& beside, enricher_metrics& counts)
    : io_(io),
      with_(with),
      jobs_(jobs),
      desk_(jobs),
      client_(client),
      asker_(beside),
      metrics_(counts) {}

base::task<> batch_clerk::run() {
    while (!asker_.stopping()) {
        bool worked = false;
        if (asker_.why_not().empty()) {
            auto stepping = step();
            const auto done = co_await std::move(stepping);
            worked = done && *done;
            if (!done && done.error().code != base::errc::conflict) {
                base::log::warning(
                    "a batch's step was not done",
                    {{"sqlstate", done.error().sqlstate}, {"detail", done.error().detail}});
                jobs_.disconnect();
            }
        }
        if (worked) continue;
        asio::steady_timer timer(io_, idle);
        co_await timer.async_wait(asio::use_awaitable_t<asio::io_context::executor_type>());
    }
}

base::task<base::result<bool>> batch_clerk::step() {
    auto due = desk_.pick(with_.lease);
    if (!due) co_return due.error();
    base::result<> done;
    if (*due) {
        auto& which = **due;
        if (which.state == "preparing") {
            auto leaving = abandon(which, "the process ended before the batch was submitted", true,
                                   booked::nothing);
            done = co_await std::move(leaving);
        } else if (which.state == "submitting") {
            auto going_on = adopt_or_submit(which);
            done = co_await std::move(going_on);
        } else {
            auto looking = look(which);
            done = co_await std::move(looking);
        }
    } else {
        const auto tenants = jobs_.tenants_with_jobs(model::call_way::batch);
        if (!tenants) co_return tenants.error();
        if (tenants->empty() || clock::now() < make_at_) co_return false;
        // Round and round: a tenant with many to make does not keep another from its first.
        const auto next = std::ranges::upper_bound(*tenants, last_made_);
        last_made_ = next == tenants->end() ? tenants->front() : *next;
        auto making = make(last_made_);
        done = co_await std::move(making);
    }
    if (!done) co_return done.error();
    co_return true;
}

base::task<base::result<>> batch_clerk::make(schema::tenant_id tenant) {
    auto made = desk_.add(tenant, with_.lease);
    if (!made) co_return made.error();
    model::batch_input input(with_.most);
    auto filling = fill(*made, input);
    if (auto filled = co_await std::move(filling); !filled) co_return filled;
    if (input.lines() == 0) co_return desk_.move(*made, "failed", 0s, "nothing to ask about");
    auto lines = input.text();
    auto uploading = client_->upload(std::move(lines));
    const auto file = co_await std::move(uploading);
    if (!file) {
        make_at_ = clock::now() + after(file.error());
        auto leaving = abandon(*made, "upload: " + file.error().detail, true, booked::nothing);
        co_return co_await std::move(leaving);
    }
    made->input_file_id = file->value;
    if (auto moved = desk_.move(*made, "submitting", with_.lease); !moved) co_return moved;
    auto submitting = submit(*made);
    co_return co_await std::move(submitting);
}

base::task<base::result<>> batch_clerk::fill(known_batch made, model::batch_input& into) {
    while (into.lines() < with_.most.lines) {
        auto turn = others_turn();
        co_await std::move(turn);
        auto taken = jobs_.take(made.tenant, model::call_way::batch, made.ref, with_.lease);
        if (!taken) co_return taken.error();
        if (!taken->call) {
            if (!taken->budget.empty() || !taken->anything) co_return base::result<>();
            continue;
        }
        const auto& call = *taken->call;
        if (into.add(call.id, call.request.body()) == model::batch_input::added::yes) continue;
        const auto put_back = jobs_.end(call.tenant, call.id, call.way, call.jobs,
                                        not_done(call.jobs, "the batch is full", true));
        co_return put_back ? base::result<>() : put_back.error();
    }
    co_return base::result<>();
}

base::task<base::result<>> batch_clerk::submit(known_batch which) {
    std::map<std::string, std::string> metadata{{ref_key, which.ref}};
    auto creating = client_->create_batch(which.input_file_id, std::move(metadata));
    const auto made = co_await std::move(creating);
    if (made) {
        pause_.reset();
        which.batch_id = made->value.id;
        base::log::info("a batch is submitted", {{"batch", which.batch_id}});
        co_return desk_.move(which, "submitted", std::min<std::chrono::seconds>(with_.poll, 5s));
    }
    if (made.error().what == model::fate::refused) {
        auto leaving = abandon(which, "refused: " + made.error().detail, false, booked::nothing);
        co_return co_await std::move(leaving);
    }
    // It may be there all the same: looked for before the next try.
    co_return desk_.move(which, "submitting", after(made.error()), made.error().detail);
}

base::task<base::result<>> batch_clerk::adopt_or_submit(known_batch which) {
    std::string last;
    for (int page = 0; page < most_list_pages; ++page) {
        auto listing = client_->batches(last);
        const auto listed = co_await std::move(listing);
        if (!listed)
            co_return desk_.move(which, "submitting", after(listed.error()), listed.error().detail);
        for (const auto& one : listed->value.batches) {
            const auto ref = one.metadata.find(ref_key);
            if (ref == one.metadata.end() || ref->second != which.ref) continue;
            which.batch_id = one.id;
            base::log::info("a batch was found again by its metadata", {{"batch", one.id}});
            co_return desk_.move(which, "submitted", 0s);
        }
        if (!listed->value.has_more) break;
        last = listed->value.last_id;
    }
    if (which.cancel) {
        auto leaving = abandon(which, "cancelled before it was submitted", false, booked::nothing);
        co_return co_await std::move(leaving);
    }
    // Moved first: should this process end now, the next one looks for it again, after a while.
    if (auto moved = desk_.move(which, "submitting", with_.lease); !moved) co_return moved;
    auto submitting = submit(which);
    co_return co_await std::move(submitting);
}

base::task<base::result<>> batch_clerk::look(known_batch which) {
    const bool late = which.age > with_.longest;
    if (which.cancel || late) {
        auto cancelling = client_->cancel_batch(which.batch_id);  // refused once it has ended
        static_cast<void>(co_await std::move(cancelling));
    }
    auto looking = client_->batch(which.batch_id);
    const auto now = co_await std::move(looking);
    if (!now) {
        auto waiting = wait_or_give_up(which, now.error());
        co_return co_await std::move(waiting);
    }
    pause_.reset();
    if (!model::has_ended(now->value.status)) {
        const std::string status(model::to_string(now->value.status));
        if (!is_hopeless(which)) co_return desk_.move(which, "submitted", with_.poll, status);
        auto leaving = abandon(which, "it does not end: " + status, false, booked::unconfirmed);
        co_return co_await std::move(leaving);
    }
    auto collecting = collect(which, now->value);
    co_return co_await std::move(collecting);
}

// Both files are read, whatever the batch's status says.
base::task<base::result<>> batch_clerk::collect(known_batch which,
                                                const model::batch_object& ended) {
    std::array<std::string, 2> files{ended.output_file_id, ended.error_file_id};
    for (auto& file : files) {
        if (file.empty()) continue;
        auto reading = client_->file_content(std::exchange(file, ""));
        auto content = co_await std::move(reading);
        if (!content) {
            auto waiting = wait_or_give_up(which, content.error());
            co_return co_await std::move(waiting);
        }
        file = std::move(content->value);
    }
    const auto said = model::read_batch_output(files[0], files[1]);
    auto applying = apply(which, ended, said);
    if (auto done = co_await std::move(applying); !done) co_return done;
    co_return desk_.move(which, "done", 0s, std::string(model::to_string(ended.status)));
}

base::task<base::result<>> batch_clerk::apply(known_batch which, const model::batch_object& ended,
                                              const model::batch_lines& said) {
    std::map<std::string_view, const model::batch_line*> by_id;
    for (const auto& line : said.lines)
        by_id.emplace(line.custom_id, &line);
    const auto calls = desk_.open_calls(which);
    if (!calls) co_return calls.error();
    for (const auto& call : *calls) {
        auto turn = others_turn();
        co_await std::move(turn);
        const auto at = by_id.find(call.id);
        auto how = judge_line(at == by_id.end() ? nullptr : at->second, ended, call.asked);
        if (!how.halt.empty()) asker_.halt(how.halt);
        const auto done =
            jobs_.end(which.tenant, call.id, model::call_way::batch, call.asked.jobs, how);
        if (!done) co_return done.error();
        metrics_.called("batch", how.outcome, 0);
        std::size_t enriched = 0;
        std::size_t parked = 0;
        for (const auto& job : how.jobs) {
            enriched += job.is == job_end::what::done ? 1U : 0U;
            parked += job.is == job_end::what::parked ? 1U : 0U;
        }
        metrics_.applied(enriched, parked, how.dropped_notes);
    }
    base::log::info("a batch has ended", {{"batch", which.batch_id},
                                          {"status", model::to_string(ended.status)},
                                          {"requests", calls->size()}});
    co_return base::result<>();
}

base::task<base::result<>> batch_clerk::abandon(known_batch which, std::string why, bool by_batch,
                                                booked money) {
    base::log::warning("a batch is given up, its requests go again", {{"why", why}});
    const auto calls = desk_.open_calls(which);
    if (!calls) co_return calls.error();
    for (const auto& call : *calls) {
        auto turn = others_turn();
        co_await std::move(turn);
        const auto done = jobs_.end(which.tenant, call.id, model::call_way::batch, call.asked.jobs,
                                    not_done(call.asked.jobs, why, by_batch, money));
        if (!done) co_return done.error();
    }
    co_return desk_.move(which, "failed", 0s, why);
}

bool batch_clerk::is_hopeless(const known_batch& which) const {
    return which.age > with_.longest + with_.cancelling;
}

base::task<base::result<>> batch_clerk::wait_or_give_up(known_batch which, model::api_fault why) {
    if (why.what == model::fate::refused && is_hopeless(which)) {
        auto leaving =
            abandon(which, "it cannot be read: " + why.detail, false, booked::unconfirmed);
        co_return co_await std::move(leaving);
    }
    co_return desk_.move(which, "submitted", after(why), why.detail);
}

base::task<> batch_clerk::others_turn() {
    co_await asio::post(io_, asio::use_awaitable_t<asio::io_context::executor_type>());
}

std::chrono::seconds batch_clerk::after(const model::api_fault& why) {
    if (why.what == model::fate::quota || why.what == model::fate::setup)
        asker_.halt(std::string(model::to_string(why.what)) + ": " + why.detail);
    const auto wait = why.after ? *why.after : pause_.next(random_);
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(wait) + 1s;
    return std::max(whole, why.what == model::fate::unknown ? with_.settle : 1s);
}

}  // namespace nd::workers
