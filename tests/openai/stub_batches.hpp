// The batches of the stand-in and their lives: validating, in progress, finalizing, completed, and
// all that may come instead. Time comes in; whatever is due happens at the next look. Pure.
#pragma once

#include "tests/openai/stub_faults.hpp"
#include "tests/openai/stub_files.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <variant>

namespace nd::tests {

class stub_batches {
  public:
    using clock = std::chrono::steady_clock;
    struct moment {
        clock::time_point steady;
        std::int64_t unix = 0;
    };
    // Works on the body of one line: a response object, or what the service says against it.
    using worker = std::function<std::variant<boost::json::object, stub_error>(
        const boost::json::object& body)>;

    // Each phase of a batch's life takes `phase`.
    stub_batches(stub_files& files, worker work, std::chrono::milliseconds phase,
                 std::set<std::string> models)
        : files_(files), work_(std::move(work)), phase_(phase), models_(std::move(models)) {}

    [[nodiscard]] std::variant<boost::json::object, stub_error> create(
        const boost::json::value& body, const std::optional<stub_fault>& fate, moment now);
    // nullopt: there is no such batch.
    [[nodiscard]] std::optional<boost::json::object> look(const std::string& id, moment now);
    [[nodiscard]] std::variant<boost::json::object, stub_error> cancel(const std::string& id,
                                                                       moment now);
    // Newest first.
    [[nodiscard]] boost::json::object list(const std::string& after, std::size_t limit, moment now);

  private:
    struct batch {
        std::string id;
        std::string fate;  // what a test ordered for it
        boost::json::object shown;
        clock::time_point next;     // when the next phase begins
        std::size_t worked_on = 0;  // lines of the input file
        std::int64_t created = 0;
    };

    batch* find(const std::string& id);
    void advance(batch& one, moment now);
    void step(batch& one, std::int64_t now);
    void validate(batch& one, std::int64_t now);
    void work_on(batch& one, std::size_t most, const std::string& why_not, std::int64_t now);
    void end(batch& one, const std::string& status, std::int64_t now);

    stub_files& files_;
    worker work_;
    std::chrono::milliseconds phase_;
    std::set<std::string> models_;
    std::deque<batch> all_;  // newest first
    int made_ = 0;
};

}  // namespace nd::tests
