// The stand-in for OpenAI's API: it answers what the real service would, refuses what that would
// refuse, and goes wrong on demand. Below HTTP, on one thread; time comes in.
//
// Its own routes need no key: POST /stub/faults (a fault or a list of them, see stub_faults),
// DELETE /stub/faults, POST and GET /stub/hold (see stub_holds), GET /stub/counts,
// /stub/pages and /stub/bodies, GET /readyz.
#pragma once

#include "tests/openai/stub_batches.hpp"
#include "tests/openai/stub_counts.hpp"
#include "tests/openai/stub_faults.hpp"
#include "tests/openai/stub_files.hpp"
#include "tests/openai/stub_holds.hpp"
#include "tests/openai/stub_limits.hpp"
#include "tests/openai/stub_message.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <variant>

namespace nd::tests {

struct stub_api_settings {
    std::string key = "sk-stub-0123456789abcdef0123456789abcdef";
    std::set<std::string> models{"gpt-5-mini"};
    std::chrono::milliseconds latency{0};        // of each answer of the model
    std::chrono::milliseconds batch_phase{100};  // see stub_batches
    std::int64_t requests_per_minute = 100'000;
    std::int64_t tokens_per_minute = 100'000'000;
};

class stub_api {
  public:
    using moment = stub_batches::moment;

    explicit stub_api(stub_api_settings with);
    [[nodiscard]] stub_reply answer(const stub_request& asked, moment now);
    [[nodiscard]] bool holding() const noexcept { return holds_.holding(); }

  private:
    using worked = std::variant<boost::json::object, stub_error>;

    [[nodiscard]] stub_reply route(const stub_request& asked, moment now);
    [[nodiscard]] stub_reply own(const stub_request& asked);
    [[nodiscard]] stub_reply hold(const stub_request& asked);
    [[nodiscard]] stub_reply responses(const stub_request& asked, moment now);
    [[nodiscard]] stub_reply files(const stub_request& asked, moment now);
    [[nodiscard]] stub_reply batches(const stub_request& asked, moment now);
    [[nodiscard]] worked work(const boost::json::object& body, const std::string& how,
                              std::int64_t now);

    stub_api_settings with_;
    stub_faults faults_;
    stub_holds holds_;
    stub_counts counts_;
    stub_limits limits_;
    stub_files files_;
    stub_batches batches_;
    std::int64_t made_ = 0;
};

}  // namespace nd::tests
