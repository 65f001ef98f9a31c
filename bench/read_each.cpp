#include "bench/read_each.hpp"

#include "bench/options.hpp"

#include <fmt/format.h>

#include <chrono>

namespace nd::bench {
namespace {

constexpr std::chrono::seconds longest{30};

class in_turn final : private client::user {
  public:
    in_turn(boost::asio::io_context& io, const load_plan& over, std::span<const page_read> reads)
        : host_(over.host),
          reads_(reads),
          wire_(client::make(io, over.to, over.tls, over.host, *this)) {
        wire_->connect();
    }
    [[nodiscard]] std::vector<read_answer> take() { return std::move(answers_); }
    [[nodiscard]] const std::string& wrong() const { return wrong_; }

  private:
    void ready(client& which) override {
        if (answers_.size() == reads_.size() || !wrong_.empty()) return which.close();
        write_head(reads_[answers_.size()], host_, which.head());
        which.send();
    }

    void answered(client& which, int status, std::string_view body) override {
        const auto& asked = reads_[answers_.size()];
        if (status != asked.wanted())
            wrong_ = fmt::format("GET {} was answered {} instead of {}: {}", asked.target, status,
                                 asked.wanted(), body.substr(0, 400));
        else
            answers_.push_back({std::string(which.header("ETag")), std::string(body)});
    }

    std::string host_;
    std::span<const page_read> reads_;
    std::vector<read_answer> answers_;
    std::string wrong_;
    std::unique_ptr<client> wire_;
};

}  // namespace

std::vector<read_answer> read_each(const load_plan& over, std::span<const page_read> reads) {
    boost::asio::io_context io(1);
    in_turn asking(io, over, reads);
    io.run_for(longest);
    if (!asking.wrong().empty()) throw bench_error(exit_finding, asking.wrong());
    auto made = asking.take();
    if (made.size() < reads.size())
        throw bench_error(exit_finding, fmt::format("{} of {} reads were answered within {} s",
                                                    made.size(), reads.size(), longest.count()));
    return made;
}

}  // namespace nd::bench
