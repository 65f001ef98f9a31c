// Any bytes from a client, in pieces of any size, through the session as the listener starts it:
// head, key, limit, body, scan, publish, answers, keep-alive. Only the socket and Kafka are in
// memory. What comes back must be a row of complete answers that the contract knows, and each
// accepted event must have been published.
#include "ingest/limiter.hpp"
#include "ingest/session.hpp"
#include "tests/ingest/key_samples.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>

namespace {

using namespace nd;
namespace asio = boost::asio;

void require(bool holds) {
    if (!holds) std::abort();
}

// The client: gives its bytes piece by piece, then ends, and keeps what it is sent.
class scripted_stream final : public ingest::byte_stream {
  public:
    scripted_stream(std::string_view bytes, std::size_t piece, std::string& answers)
        : bytes_(bytes), piece_(piece), answers_(answers) {}

    base::task<ingest::io_result> handshake() override { co_return ingest::io_result{}; }
    base::task<ingest::io_result> read_some(asio::mutable_buffer into) override {
        co_return take(into);
    }
    base::task<ingest::io_result> write(asio::const_buffer all) override {
        require(!finished_);
        answers_.append(static_cast<const char*>(all.data()), all.size());
        co_return ingest::io_result{all.size(), {}};
    }
    // Nothing every other time, as a socket that is slower than its reader.
    std::size_t read_now(asio::mutable_buffer into) noexcept override {
        can_now_ = !can_now_;
        return can_now_ ? take(into).bytes : 0;
    }
    std::size_t write_now(asio::const_buffer some) noexcept override {
        require(!finished_);
        const auto count = std::min(piece_, some.size());
        answers_.append(static_cast<const char*>(some.data()), count);
        return count;
    }
    base::task<ingest::io_result> finish_sending() override {
        finished_ = true;
        co_return ingest::io_result{};
    }
    base::task<ingest::io_result> discard_some(asio::mutable_buffer into) override {
        co_return take(into);
    }
    void cancel() noexcept override {}

  private:
    ingest::io_result take(asio::mutable_buffer into) {
        if (bytes_.empty()) return {0, asio::error::make_error_code(asio::error::eof)};
        const auto count = std::min({piece_, into.size(), bytes_.size()});
        std::memcpy(into.data(), bytes_.data(), count);
        bytes_.remove_prefix(count);
        return {count, {}};
    }

    std::string_view bytes_;
    std::size_t piece_;
    std::string& answers_;
    bool finished_ = false;
    bool can_now_ = false;
};

// Kafka: takes every event, or answers as a full queue or a lost broker does.
class counting_sink final : public ingest::record_sink {
  public:
    base::result<> hand_over(ingest::publication& request,
                             std::span<const schema::event_view> events) override {
        const auto body = request.body.view();
        for (const auto& event : events) {
            require(event.raw.data() >= body.data());
            require(event.raw.data() + event.raw.size() <= body.data() + body.size());
            require(!event.raw.empty() && event.raw.front() == '{' && event.raw.back() == '}');
        }
        if (mood != base::errc::ok) return base::failure(mood, "not now");
        published += events.size();
        return {};
    }
    base::result<> hand_over(ingest::publication&, const schema::safe_page& page,
                             const schema::page_fingerprint&) override {
        require(!page.elements().empty() && page.page().starts_with('/'));
        if (mood != base::errc::ok) return base::failure(mood, "not now");
        ++published;
        return {};
    }
    base::result<> outcome_of(const ingest::publication&) override { return {}; }

    base::errc mood = base::errc::ok;
    std::size_t published = 0;
};

// All that an io thread has, and it stays from input to input as there.
struct fixture {
    fixture() {
        auto entry = tests::sample_entry(1, 1);
        entry.second.scopes.add(schema::scope::schema);
        entry.second.limits = {6000, 10, 20, 600};
        table.replace_all(std::array{entry});
        table.confirm(ingest::key_table::clock::now());
    }
    // A minute between two inputs, so that no input depends on the one before.
    ingest::limiter::clock::time_point now{};
    ingest::key_table table{std::chrono::hours(24 * 365)};
    ingest::key_inbox inbox;
    ingest::key_resolver keys{table, inbox, tests::pepper};
    ingest::limiter limits{[this] { return now; }};
    counting_sink sink;
    ingest::byte_budget budget;
    base::metrics numbers;
    ingest::ingest_metrics metrics{numbers};
    ingest::reader_desk desk{""};  // nothing can be looked up
    ingest::published_pages published;
    ingest::page_cache shown;
    ingest::edge edge{keys,
                      limits,
                      sink,
                      budget,
                      metrics,
                      desk,
                      published,
                      shown,
                      schema::receipt_keys({std::string(32, 'r')}),
                      schema::session_hasher(tests::pepper),
                      ingest::time_limits{}};
};

// The first answer of `rest`, and cut off from it.
struct answer {
    int status = 0;
    std::string_view head;
    std::string_view body;
};

std::size_t number_after(std::string_view text, std::string_view name) {
    const auto at = text.find(name);
    require(at != std::string_view::npos);
    std::size_t number = 0;
    const auto* begin = text.data() + at + name.size();
    require(std::from_chars(begin, text.data() + text.size(), number).ec == std::errc{});
    return number;
}

answer next_answer(std::string_view& rest) {
    answer made;
    require(rest.starts_with("HTTP/1.1 "));
    made.status = static_cast<int>(number_after(rest, "HTTP/1.1 "));
    const auto end = rest.find("\r\n\r\n");
    require(end != std::string_view::npos);
    made.head = rest.substr(0, end + 2);
    rest.remove_prefix(end + 4);
    if (made.status == 100 || made.status == 204) return made;
    const auto length = number_after(made.head, "\r\nContent-Length: ");
    // An answer to HEAD has a length and no body; no body of ours begins like an answer.
    if (rest.empty() || rest.starts_with("HTTP/1.1 ")) return made;
    require(length <= rest.size());
    made.body = rest.substr(0, length);
    rest.remove_prefix(length);
    return made;
}

// How many events the answers say were accepted.
std::size_t judge(std::string_view answers, base::errc mood) {
    constexpr std::array known{100, 200, 202, 204, 400, 401, 403, 404,
                               405, 408, 413, 415, 422, 429, 431, 503};
    std::size_t accepted = 0;
    while (!answers.empty()) {
        const auto one = next_answer(answers);
        const bool refused_for_good = mood == base::errc::refused && one.status == 500;
        require(refused_for_good || std::ranges::find(known, one.status) != known.end());
        if (one.status == 100) continue;
        require(one.head.find("\r\nX-Request-Id: ") != std::string_view::npos);
        if (one.status != 202) continue;
        if (one.body.find("\"status\":\"queued\"") != std::string_view::npos)
            ++accepted;
        else if (one.body.find("\"fingerprint\"") == std::string_view::npos)
            accepted += number_after(one.body, "\"accepted\":");
    }
    return accepted;
}

void report(const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
}

}  // namespace

// The first byte: how Kafka answers and how large the client's pieces are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static fixture at;
    if (size == 0) return 0;
    constexpr std::array moods{base::errc::ok, base::errc::ok, base::errc::busy,
                               base::errc::refused};
    constexpr std::array<std::size_t, 4> pieces{1, 7, 500, 1 << 20};
    at.sink.mood = moods[data[0] % 4];
    at.sink.published = 0;
    at.now += std::chrono::minutes(2);

    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    std::string answers;
    auto client = std::make_unique<scripted_stream>(bytes, pieces[data[0] / 4 % 4], answers);
    asio::io_context io{1};
    asio::co_spawn(io, ingest::serve_connection(at.edge, std::move(client)), report);
    io.run();
    require(at.edge.connections.size() == 0);
    require(at.budget.used() == 0);
    require(judge(answers, at.sink.mood) == at.sink.published);
    return 0;
}
