// A plain blocking HTTP/1.1 client of the tests: one connection, kept alive. Used by the e2e and
// contract tests.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace nd::tests {

struct http_answer {
    int status = 0;                              // 0: the connection failed; `body` says how
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
};

class http_client {
  public:
    // "http://127.0.0.1:8080" or "http://127.0.0.1:8080/"
    // `patience`: of one exchange; after it the answer's status is 0. 0 waits for ever.
    explicit http_client(std::string_view base_url,
                         std::chrono::milliseconds patience = std::chrono::milliseconds(0));
    ~http_client();
    http_client(http_client&&) noexcept;

    using header_map = std::map<std::string, std::string>;
    http_answer get(const std::string& path, const header_map& headers = {});
    http_answer post(const std::string& path, const std::string& body, const header_map& headers);

  private:
    struct inside;
    http_answer exchange(std::string_view method, const std::string& path, const std::string& body,
                         const header_map& headers);
    std::unique_ptr<inside> inside_;
};

}  // namespace nd::tests
