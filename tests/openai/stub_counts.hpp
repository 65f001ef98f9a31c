// What the stand-in was asked, counted and never merged: who promises to ask once is held to it
// here. Pure.
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <string>

namespace nd::tests {

class stub_counts {
  public:
    void called(const std::string& operation, int status, const std::string& body);
    // A request that the model worked on, whatever became of the answer.
    void worked_on(const boost::json::object& body, std::int64_t input_tokens,
                   std::int64_t output_tokens);

    [[nodiscard]] boost::json::object to_json() const;
    // By SHA-256 of a page's data: how often it was in a request that was worked on.
    [[nodiscard]] boost::json::object pages() const;
    // By operation: the last two hundred bodies, as they came.
    [[nodiscard]] boost::json::object bodies() const;

  private:
    std::map<std::string, std::int64_t> calls_;
    std::map<std::string, std::int64_t> statuses_;
    std::map<std::string, std::deque<std::string>> bodies_;
    std::map<std::string, std::int64_t> inputs_;
    std::map<std::string, std::int64_t> pages_;
    std::int64_t worked_ = 0;
    std::int64_t input_tokens_ = 0;
    std::int64_t output_tokens_ = 0;
};

}  // namespace nd::tests
