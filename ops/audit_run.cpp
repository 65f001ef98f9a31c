#include "ops/audit_run.hpp"

#include "ops/audit_letters.hpp"
#include "ops/audit_marks.hpp"
#include "ops/audit_reader.hpp"
#include "ops/audit_rows.hpp"
#include "ops/audit_store.hpp"
#include "ops/database.hpp"

#include <chrono>
#include <future>

namespace nd::ops {
namespace {

constexpr std::size_t looked_up_at_once = 5000;
constexpr int most_runs = 3;

class audit {
  public:
    audit(const settings& from, const audit_wish& wish, const audit_progress& progress,
          base::pg::connection on)
        : from_(from),
          wish_(wish),
          progress_(progress),
          on_(std::move(on)),
          seen_(sorter_size()),
          absent_{sighting_sorter(sorter_size()), place_sorter(1u << 20)} {}

    base::result<audit_result> run();
    // Whether something was erased or dropped since the marks were read: its rows are gone, and it
    // counts as missing.
    base::result<bool> marks_changed() {
        const auto now = audit_marks::load(on_, from_.pepper_file);
        if (!now) return now.error();
        return !marks_.same_as(*now);
    }

  private:
    std::size_t sorter_size() const {
        return wish_.sorted_in_memory > 0 ? wish_.sorted_in_memory : sighting_sorter::usual;
    }
    arrival_bounds bounds() const { return bounds_of(result_.scope.from, result_.scope.to); }
    base::result<> read_both_sides();
    base::result<> read_records(audit_reader& reader);
    base::result<> add_up();
    base::result<> look_up_differing();
    base::result<> look_up_pieces(std::vector<sighting>& due, std::vector<sighting>& pending);
    base::result<> look_up_piece(std::vector<sighting>& piece, bool due);
    base::result<> settle_absent();
    base::result<> find_spurious();
    void tell(const difference& one);

    template <class F>
    base::result<> each_event(F f);

    const settings& from_;
    const audit_wish& wish_;
    const audit_progress& progress_;
    base::pg::connection on_;
    audit_marks marks_;
    audit_result result_;
    sighting_sorter seen_;
    unstored absent_;
    std::optional<std::int64_t> first_ms_;
};

void audit::tell(const difference& one) {
    if (result_.differences.size() < wish_.most_differences) {
        result_.differences.push_back(one);
    } else {
        ++result_.differences_left_out;
    }
}

base::result<> audit::read_records(audit_reader& reader) {
    const auto all = static_cast<std::uint64_t>(result_.scope.records());
    const auto progress = [this, all](std::uint64_t done) { progress_(done, all); };
    for (std::uint32_t i = 0; i < result_.scope.sources.size(); ++i) {
        const auto& one = result_.scope.sources[i];
        if (auto read = reader.read(i, {one.partition, one.begin, one.end}, seen_, progress); !read)
            return read;
    }
    return {};
}

// Postgres adds up on its own connection while the records are read. What came to the log until it
// was done is read afterwards: a row that it saw may have its record there.
base::result<> audit::read_both_sides() {
    audit_accounts arrived;
    std::future<base::result<>> sums;
    if (result_.scope.by_time) {
        sums = std::async(std::launch::async, [this, &arrived]() -> base::result<> {
            auto on = open_database(from_, &settings::operator_url, no_deadline);
            if (!on) return on.error();
            return add_arrived(*on, bounds(), wish_.only, arrived);
        });
    }
    audit_reader reader(from_, result_.scope, wish_.only, marks_);
    auto read = read_records(reader);
    if (sums.valid()) {
        if (auto summed = sums.get(); read && !summed) read = summed;
    }
    if (!read) return read;
    result_.accounts = std::move(arrived);
    const auto pieces = extend(from_, result_.scope);
    if (!pieces) return pieces.error();
    for (std::uint32_t i = 0; i < pieces->size(); ++i) {
        if (auto more = reader.read(i, (*pieces)[i], seen_, [](std::uint64_t) {}); !more)
            return more;
    }
    result_.records = reader.records();
    result_.unreadable = reader.unreadable().size();
    first_ms_ = reader.first_ms();
    absent_.places = std::move(reader.unreadable());
    return {};
}

template <class F>
base::result<> audit::each_event(F f) {
    auto pass = seen_.begin();
    if (!pass) return pass.error();
    event_grouping grouped(std::move(f));
    while (true) {
        const auto next = pass->next();
        if (!next) return next.error();
        if (*next == nullptr) break;
        grouped.add(**next);
    }
    grouped.end();
    return {};
}

base::result<> audit::add_up() {
    audit_account* into = nullptr;
    schema::tenant_id tenant;
    return each_event([&](const seen_event& event) {
        if (into == nullptr || event.first.tenant != tenant) {
            tenant = event.first.tenant;
            into = &result_.accounts[tenant];
        }
        take(*into, event);
    });
}

base::result<> audit::look_up_piece(std::vector<sighting>& piece, bool due) {
    if (piece.empty()) return {};
    const auto found = look_up(on_, piece, bounds());
    if (!found) return found.error();
    auto& account = result_.accounts[piece.front().tenant];
    if (due) {
        account.inside += found->inside;
        account.outside += found->outside;
        for (const auto index : found->missing) {
            const auto& one = piece[index];
            // Erased counts before expired: it is the stronger promise.
            if (one.is(sighting::erased)) {
                account.erased.add(one.hash());
            } else if (one.is(sighting::expired)) {
                account.expired.add(one.hash());
            } else if (auto kept = absent_.events.add(one); !kept) {
                return kept;
            }
        }
    } else {
        account.pending_inside += found->inside;
    }
    piece.clear();
    return {};
}

base::result<> audit::look_up_pieces(std::vector<sighting>& due, std::vector<sighting>& pending) {
    if (auto done = look_up_piece(due, true); !done) return done;
    return look_up_piece(pending, false);
}

base::result<> audit::look_up_differing() {
    for (auto& [tenant, account] : result_.accounts)
        account.looked_up = needs_lookup(account, result_.scope.by_time);
    std::vector<sighting> due;
    std::vector<sighting> pending;
    base::result<> asked;
    audit_account* account = nullptr;
    schema::tenant_id tenant;
    auto walked = each_event([&](const seen_event& event) {
        if (!asked) return;
        if (account == nullptr || event.first.tenant != tenant) {
            asked = look_up_pieces(due, pending);
            tenant = event.first.tenant;
            account = &result_.accounts[tenant];
        }
        if (!account->looked_up) return;
        auto one = event.first;
        one.marks = (one.is(sighting::due) ? sighting::due : 0U) |
                    (event.erased ? sighting::erased : 0U) |
                    (event.expired ? sighting::expired : 0U) | event.deaths * sighting::one_death;
        auto& piece = one.is(sighting::due) ? due : pending;
        piece.push_back(one);
        if (asked && piece.size() == looked_up_at_once)
            asked = look_up_piece(piece, one.is(sighting::due));
    });
    if (!walked) return walked;
    return asked ? look_up_pieces(due, pending) : asked;
}

base::result<> audit::settle_absent() {
    const letter_scope by{&from_, &on_, &result_.scope, first_ms_};
    return settle(
        by, absent_,
        [this](const sighting& event, fate became) {
            auto& account = result_.accounts[event.tenant];
            const auto hash = event.hash();
            switch (became) {
                case fate::dead: account.dead.add(hash); return;
                case fate::dropped: account.dropped.add(hash); return;
                case fate::erased: account.erased.add(hash); return;
                case fate::again: postpone(account, hash); return;
                case fate::lost: break;
            }
            account.missing.add(hash);
            tell({difference::kind::missing, event.tenant, event.event, event.occurred_us,
                  event.source, event.offset, 0});
        },
        [this](const log_place& place, fate became) {
            if (became != fate::lost) return;
            ++result_.unreadable_lost;
            tell({difference::kind::unreadable, {}, {}, 0, place.source, place.offset, 0});
        });
}

base::result<> audit::find_spurious() {
    if (!result_.scope.by_time) return {};
    const row_search by{&from_, &on_, &result_.scope, wish_.only, &marks_, sorter_size()};
    return each_spurious(by, result_.accounts, seen_, [this](const sighting& row) {
        result_.accounts[row.tenant].spurious.add(row.hash());
        tell(
            {difference::kind::spurious, row.tenant, row.event, row.occurred_us, 0, 0, row.offset});
    });
}

base::result<audit_result> audit::run() {
    const auto began = std::chrono::steady_clock::now();
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    auto scope = resolve_scope(from_, on_, wish_.words, schema::instant{now.count()});
    if (!scope) return scope.error();
    result_.scope = std::move(*scope);
    auto marks = audit_marks::load(on_, from_.pepper_file);
    if (!marks) return marks.error();
    marks_ = std::move(*marks);
    for (const auto step : {&audit::read_both_sides, &audit::add_up, &audit::look_up_differing,
                            &audit::settle_absent, &audit::find_spurious}) {
        if (auto done = (this->*step)(); !done) return done.error();
    }
    result_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return std::move(result_);
}

}  // namespace

bool audit_result::equal() const {
    for (const auto& [tenant, account] : accounts) {
        if (!is_equal(account)) return false;
    }
    return unreadable_lost == 0;
}

base::result<audit_result> run_audit(const settings& from, const audit_wish& wish,
                                     const audit_progress& progress) {
    for (int runs = 1;; ++runs) {
        auto on = open_database(from, &settings::operator_url, no_deadline);
        if (!on) return on.error();
        audit one(from, wish, progress, std::move(*on));
        auto result = one.run();
        if (!result || result->equal() || runs == most_runs) return result;
        const auto again = one.marks_changed();
        if (!again) return again.error();
        if (!*again) return result;
    }
}

}  // namespace nd::ops
