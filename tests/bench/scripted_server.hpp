// An HTTP server on a thread of its own that answers as a test says, request by request: refusals,
// stalls, connections that end. Used by the tests of the load and of the program.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nd::tests {

struct reaction {
    int status = 202;
    std::string body = R"({"accepted":1,"rejected":[]})";
    std::chrono::milliseconds stall{0};  // of the whole server, before the answer
    bool hang_up = false;                // instead of an answer
    bool silent = false;                 // no answer, and the connection stays
    bool last = false;                   // answered with Connection: close
};

class scripted_server {
  public:
    // `react`: called on the server's thread with the request's number, from 0.
    explicit scripted_server(std::function<reaction(int number)> react);
    ~scripted_server();

    [[nodiscard]] std::uint16_t port() const;
    struct request {
        std::string key;  // X-ND-Key
        std::string encoding;
        std::string body;
        std::string target;
    };
    // What came, once the server is stopped.
    [[nodiscard]] const std::vector<request>& stop();
    [[nodiscard]] int connections() const;  // accepted; once it is stopped

  private:
    struct inside;
    std::unique_ptr<inside> inside_;
};

}  // namespace nd::tests
