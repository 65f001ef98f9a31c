// The files of the stand-in: what POST /v1/files took and what batches left. Pure.
#pragma once

#include "tests/openai/stub_message.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>

namespace nd::tests {

struct stub_file {
    std::string id;
    std::string name;
    std::string purpose;
    std::string content;
    std::int64_t created_at = 0;
    std::optional<std::int64_t> expires_at;

    [[nodiscard]] boost::json::object to_json() const;
};

class stub_files {
  public:
    // A form with `file`, `purpose` and perhaps `expires_after[..]`, judged as the service does.
    [[nodiscard]] std::variant<const stub_file*, stub_error> upload(const stub_request& from,
                                                                    std::int64_t now);
    const stub_file& keep(std::string name, std::string purpose, std::string content,
                          std::int64_t now, std::optional<std::int64_t> expires_at);
    // nullptr: there is none, or its time is over.
    [[nodiscard]] const stub_file* find(const std::string& id, std::int64_t now) const;
    [[nodiscard]] bool remove(const std::string& id) { return files_.erase(id) > 0; }

  private:
    std::map<std::string, stub_file> files_;
    int made_ = 0;
};

}  // namespace nd::tests
