// An io thread of the tests that resolves keys: one io_context, run until the answers are there. It
// must outlive the keeper.
#pragma once

#include "ingest/key_resolver.hpp"
#include "tests/ingest/key_samples.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <string>
#include <vector>

namespace nd::tests {

class key_desk {
  public:
    key_desk(ingest::key_table& table, ingest::key_inbox& inbox)
        : resolver_(table, inbox, pepper) {}

    // All at once, on one thread.
    std::vector<ingest::key_answer> ask_all(const std::vector<std::string>& keys) {
        std::vector<ingest::key_answer> answers(keys.size(), schema::problem{});
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const auto rethrow = [](const std::exception_ptr& failure) {
                if (failure) std::rethrow_exception(failure);
            };
            boost::asio::co_spawn(io_, one(keys[i], answers[i]), rethrow);
        }
        io_.restart();
        io_.run();
        return answers;
    }
    ingest::key_answer ask(const std::string& key) { return ask_all({key}).front(); }

    // The problem's code, or "ok".
    std::string verdict(const std::string& key) { return word(ask(key)); }
    static std::string word(const ingest::key_answer& answer) {
        return answer ? "ok" : std::string(to_string(answer.error().code));
    }

  private:
    base::task<> one(const std::string& key, ingest::key_answer& answer) {
        answer = co_await resolver_.resolve(key);
    }

    boost::asio::io_context io_{1};
    ingest::key_resolver resolver_;
};

}  // namespace nd::tests
