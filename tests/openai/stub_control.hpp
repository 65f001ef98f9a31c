// How a test orders faults from the stand-in and reads its counts: over its own routes, as any
// other program would.
#pragma once

#include "tests/openai/stub_server.hpp"
#include "tests/support/http_client.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <stdexcept>
#include <string>

namespace nd::tests {

class stub_control {
  public:
    explicit stub_control(std::uint16_t port)
        : http_("http://127.0.0.1:" + std::to_string(port), std::chrono::seconds(5)) {}

    // JSON of a fault or of a list of them.
    void order(const std::string& fault) {
        const auto said = http_.post("/stub/faults", fault, {});
        if (said.status != 200) throw std::runtime_error("no such fault: " + said.body);
    }
    // See stub_holds: the nth call from now on of an operation like "POST /v1/batches" is held, and
    // lost when it was held `before`.
    void hold(const std::string& on, const std::string& when, int nth = 1) {
        const auto said = http_.post(
            "/stub/hold",
            R"({"on":")" + on + R"(","when":")" + when + R"(","nth":)" + std::to_string(nth) + "}",
            {});
        if (said.status != 200) throw std::runtime_error("no such hold: " + said.body);
    }
    [[nodiscard]] bool reached() {
        return boost::json::parse(http_.get("/stub/hold").body).at("reached").as_bool();
    }
    void let_go() { static_cast<void>(http_.post("/stub/hold", "null", {})); }
    [[nodiscard]] boost::json::value counts() {
        return boost::json::parse(http_.get("/stub/counts").body);
    }
    // By operation, as they came: the last two hundred of each.
    [[nodiscard]] boost::json::value bodies() {
        return boost::json::parse(http_.get("/stub/bodies").body);
    }
    [[nodiscard]] std::int64_t count(const char* name) {
        return counts().at(name).to_number<std::int64_t>();
    }

  private:
    http_client http_;
};

}  // namespace nd::tests
