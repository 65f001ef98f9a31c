// A replay that is killed, cancelled, cut off from Postgres or in the way of the live writer.
#include "tests/e2e/replayed_world.hpp"

#include <signal.h>
#include <stdlib.h>

#include <fstream>
#include <iterator>

using namespace nd::tests;
using namespace std::chrono_literals;

namespace {

std::int64_t running_job(const replayed_world& w) {
    return admin_number(w.system,
                        "select coalesce(max(job_id), 0) as n from nd.jobs where state = "
                        "'running'");
}

std::int64_t of_running_job(const replayed_world& w, const std::string& column) {
    return admin_number(w.system, fmt::format("select coalesce(sum({}), 0) as n from "
                                              "nd.job_parts where job_id = {}",
                                              column, running_job(w)));
}

// A replay of the world's range that runs on its own, with its answer in a file.
class beside {
  public:
    beside(const replayed_world& w, const std::string& arguments)
        : out_(w.system.run_dir() + "/replay-" + fresh_uuid()) {
        w.system.run(
            fmt::format("(ndctl replay {}{} --json >'{}' 2>/dev/null; echo $? "
                        ">'{}.status') >/dev/null 2>&1 &",
                        arguments, w.range, out_, out_));
    }
    [[nodiscard]] answer ended() const {
        answer got;
        REQUIRE(
            eventually(60s, [&] { return bool(std::ifstream(out_ + ".status") >> got.status); }));
        std::ifstream in(out_);
        got.text.assign(std::istreambuf_iterator<char>(in), {});
        got.said = boost::json::parse(got.text).as_object();
        return got;
    }

  private:
    std::string out_;
};

// A program of the system that stands still.
class standing_still {
  public:
    standing_still(const stack& system, const std::string& program) : pid_(system.pid(program)) {
        ::kill(pid_, SIGSTOP);
    }
    ~standing_still() { ::kill(pid_, SIGCONT); }
    standing_still(const standing_still&) = delete;

  private:
    pid_t pid_;
};

}  // namespace

TEST_CASE("a replay that is killed in the middle is gone on with, and counts each row once") {
    replayed_world w(3000);
    const auto lost = w.lose(2);
    const auto folder = w.system.run_dir() + "/killed-" + fresh_uuid();
    const auto started = w.system.run(fmt::format(
        "(ndctl replay --rate 2000 --lanes 1{} --json >'{}' 2>&1 & echo $!)", w.range, folder));
    const auto pid = static_cast<pid_t>(std::stol(started.output));
    REQUIRE(eventually(30s, [&] { return of_running_job(w, "written") > 0; }));
    const auto id = running_job(w);
    ::kill(pid, SIGKILL);
    const auto so_far = of_running_job(w, "written");
    CAPTURE(so_far);
    CHECK(so_far < lost);
    const auto resumed = ndctl(w.system, fmt::format("replay resume {}", id));
    CAPTURE(resumed.text);
    CHECK(resumed.status == 0);
    CHECK(count(resumed, "read") == w.sent());
    CHECK(count(resumed, "written") == lost);
    CHECK(count(resumed, "already_there") == w.sent() - lost);
    CHECK(w.nothing_wrong());
    refused(w.system, fmt::format("replay resume {}", id), 1, "is done");
}

TEST_CASE("a cancelled replay stops, keeps what it wrote, and is not gone on with") {
    replayed_world w(2000);
    w.lose(2);
    const beside replay(w, "--rate 1000 --lanes 1");
    REQUIRE(eventually(30s, [&] { return running_job(w) > 0; }));
    const auto id = running_job(w);
    CHECK(ndctl(w.system, fmt::format("replay cancel {}", id)).status == 0);
    CHECK(replay.ended().status == 1);
    refused(w.system, fmt::format("replay resume {}", id), 1, "is cancelled");
    refused(w.system, fmt::format("replay cancel {}", id), 1, "is cancelled already");
    CHECK(ndctl(w.system, "replay" + w.range).status == 0);
    CHECK(w.nothing_wrong());
}

TEST_CASE("a replay whose connections to Postgres are ended goes on, and counts each row once") {
    replayed_world w(2000);
    const auto lost = w.lose(2);
    const beside replay(w, "--rate 1000 --lanes 1");
    REQUIRE(eventually(30s, [&] { return running_job(w) > 0; }));
    for (int i = 0; i < 4; ++i) {
        std::this_thread::sleep_for(1s);
        admin(w.system,
              "select count(pg_terminate_backend(pid)) as n from pg_stat_activity where "
              "application_name = 'ndctl'");
    }
    const auto got = replay.ended();
    CAPTURE(got.text);
    CHECK(got.status == 0);
    CHECK(count(got, "read") == w.sent());
    CHECK(count(got, "written") == lost);
    CHECK(w.nothing_wrong());
}

TEST_CASE("a replay gives way while the live writer is late, and ends all the same") {
    replayed_world w(1000);
    const auto sent = w.sent();
    const beside replay(w, "--rate 1000 --lanes 1");
    REQUIRE(eventually(30s, [&] { return of_running_job(w, "read") > 0; }));
    std::this_thread::sleep_for(300ms);  // it has seen the writer alive
    {
        const standing_still writer(w.system, "nd-writer");
        http_client client(w.system["ND_URL"]);
        REQUIRE(w.oracle.send(client, w.tenants[0], 1).status == 202);
        const auto got = replay.ended();
        CAPTURE(got.text);
        CHECK(got.status == 0);
        CHECK(count(got, "read") == sent);
        CHECK(got.said.at("gave_way_seconds").to_number<double>() > 1);
    }
    REQUIRE(w.oracle.all_arrive(60s));
    CHECK(w.nothing_wrong());
}
