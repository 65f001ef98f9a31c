// nd-ingest as a process: TLS and its reload, refusing to start, stopping, and a Kafka that fails
// (librdkafka's mock cluster, in this process). Each case has a child of its own.
#include "base/kafka_conf.hpp"
#include "schema/record.hpp"
#include "tests/ingest/edge_process.hpp"
#include "tests/ingest/sample_request.hpp"

#include <doctest/doctest.h>
#include <librdkafka/rdkafka_mock.h>

#include <signal.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

using namespace nd::tests;

namespace {

void make_certificate(const scratch_folder& in, const std::string& name) {
    const auto command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=" +
        name + " -keyout " + in.file("key.pem") + " -out " + in.file("cert.pem") + " 2>/dev/null";
    REQUIRE(std::system(command.c_str()) == 0);
}

request good_request(const std::string& key, std::size_t events = 2) {
    request what;
    what.key = key;
    what.body = batch_of(events);
    return what;
}

// Three brokers in this process that do what the test says.
class mock_cluster {
  public:
    mock_cluster() {
        nd::base::kafka_conf conf;
        client_ = std::move(conf.make(RD_KAFKA_PRODUCER).value());
        cluster_ = rd_kafka_mock_cluster_new(client_.get(), 3);
        rd_kafka_mock_topic_create(cluster_, nd::schema::events_topic, 4, 3);
    }
    ~mock_cluster() { rd_kafka_mock_cluster_destroy(cluster_); }
    mock_cluster(const mock_cluster&) = delete;

    [[nodiscard]] std::string bootstrap() const {
        return rd_kafka_mock_cluster_bootstraps(cluster_);
    }
    void slow(int milliseconds) {
        for (int broker = 1; broker <= 3; ++broker)
            rd_kafka_mock_broker_set_rtt(cluster_, broker, milliseconds);
    }
    void down(bool yes) {
        for (int broker = 1; broker <= 3; ++broker)
            yes ? rd_kafka_mock_broker_set_down(cluster_, broker)
                : rd_kafka_mock_broker_set_up(cluster_, broker);
    }
    void fail_next_produce(rd_kafka_resp_err_t with) {
        rd_kafka_mock_push_request_errors_array(cluster_, 0, 1, &with);
    }

  private:
    nd::base::kafka_handle client_;
    rd_kafka_mock_cluster_t* cluster_ = nullptr;
};

http_answer ask(const edge_process& edge, const request& what) {
    auto client = edge.connect();
    client.send(what.text());
    return client.read_answer(false, std::chrono::seconds(30));
}

template <class Question>
bool eventually(std::chrono::seconds longest, Question ask) {
    const auto deadline = std::chrono::steady_clock::now() + longest;
    while (std::chrono::steady_clock::now() < deadline) {
        if (ask()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
}

// A key that was made a moment ago is known as soon as LISTEN has told it.
new_key known_key(edge_process& edge) {
    auto key = edge.make_key();
    auto check = good_request(key.key);
    check.line = "POST /v1/events?validate=1 HTTP/1.1";
    REQUIRE(eventually(std::chrono::seconds(10), [&] { return ask(edge, check).status == 200; }));
    return key;
}

}  // namespace

TEST_CASE(
    "TLS: a new certificate is taken on SIGHUP without dropping a connection, a bad one is not") {
    scratch_folder files;
    make_certificate(files, "first");
    edge_process edge(
        variables{{"ND_TLS_CERT", files.file("cert.pem")}, {"ND_TLS_KEY", files.file("key.pem")}});
    const auto key = edge.make_key();
    const auto text = good_request(key.key).text();
    auto old = edge.connect(true);
    CHECK(old.peer_name() == "first");
    old.send(text);
    CHECK(old.read_answer().status != 0);

    make_certificate(files, "second");
    edge.signal(SIGHUP);
    CHECK(eventually(std::chrono::seconds(10),
                     [&] { return edge.connect(true).peer_name() == "second"; }));
    old.send(text);
    CHECK(old.read_answer().status == 202);

    std::ofstream(files.file("cert.pem")) << "not a certificate\n";
    edge.signal(SIGHUP);
    CHECK(eventually(std::chrono::seconds(10),
                     [&] { return edge.log().find("stays as it was") != std::string::npos; }));
    auto fresh = edge.connect(true);
    CHECK(fresh.peer_name() == "second");
    fresh.send(text);
    CHECK(fresh.read_answer().status == 202);
    old.send(text);
    CHECK(old.read_answer().status == 202);
}

TEST_CASE("an early refusal can be read through TLS too") {
    scratch_folder files;
    make_certificate(files, "edge");
    edge_process edge(
        variables{{"ND_TLS_CERT", files.file("cert.pem")}, {"ND_TLS_KEY", files.file("key.pem")}});
    auto client = edge.connect(true);
    client.send("POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n" +
                std::string(100'000, ' '));
    for (int i = 0; i < 29; ++i)
        client.send(std::string(100'000, ' '));
    CHECK(client.read_answer().status == 401);
    CHECK(client.ends_in_order());
    auto plain = edge.connect(false);
    plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(plain.read_answer().status == 0);
}

TEST_CASE("it does not start in the clear on an open address, nor with half a certificate") {
    for (const auto& [more, words] : std::vector<std::pair<variables, std::string>>{
             {{{"ND_LISTEN", "0.0.0.0:0"}}, "--behind-proxy"},
             {{{"ND_TLS_CERT", "/nowhere.pem"}}, "belong together"},
             {{{"ND_LISTEN", "nonsense"}}, "listen"}}) {
        edge_process edge(more, false);
        CHECK(edge.wait_exit() == 2);
        CHECK(edge.log().find(words) != std::string::npos);
    }
    edge_process missing(variables{{"ND_TLS_CERT", "/nowhere.pem"}, {"ND_TLS_KEY", "/nowhere.pem"}},
                         false);
    CHECK(missing.wait_exit() == 1);
    CHECK(missing.log().find("/nowhere.pem") != std::string::npos);
    edge_process behind(variables{{"ND_LISTEN", "0.0.0.0:0"}, {"ND_BEHIND_PROXY", "1"}}, false);
    CHECK(eventually(std::chrono::seconds(20),
                     [&] { return behind.log().find("listening") != std::string::npos; }));
}

TEST_CASE("topics without replicas end it unless a single broker is accepted") {
    edge_process edge(variables{{"ND_SINGLE_BROKER", "0"}}, false);
    CHECK(edge.wait_exit() == 1);
    CHECK(edge.log().find("replicas") != std::string::npos);
    CHECK(edge.log().find("--single-broker") != std::string::npos);
}

TEST_CASE(
    "SIGTERM: the request in flight is answered, idle connections end, new ones are not taken") {
    mock_cluster kafka;
    edge_process edge(variables{{"ND_KAFKA", kafka.bootstrap()}});
    const auto key = known_key(edge);
    auto idle = edge.connect();
    idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(idle.read_answer().status == 404);
    auto half = edge.connect();
    const auto text = good_request(key.key).text();
    half.send(text.substr(0, text.size() - 5));
    kafka.slow(1500);
    auto waiting = edge.connect();
    waiting.send(text);
    auto fresh = edge.connect();  // its request is on the way when the signal comes
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    edge.signal(SIGTERM);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    fresh.send(text);
    CHECK(eventually(std::chrono::seconds(5), [&] { return edge.admin("/readyz").status == 503; }));
    CHECK(idle.ends_in_order());
    half.send(text.substr(text.size() - 5));
    auto got = half.read_answer();
    CHECK(got.status == 202);
    CHECK(got.headers.at("connection") == "close");
    CHECK(waiting.read_answer().status == 202);
    CHECK(fresh.read_answer().status == 202);
    CHECK_THROWS(static_cast<void>(edge.connect()));
    CHECK(edge.wait_exit() == 0);
}

TEST_CASE("SIGTERM with a client that never ends: cut when the drain is over") {
    edge_process edge(variables{{"ND_DRAIN", "1"}});
    const auto key = known_key(edge);
    auto stuck = edge.connect();
    const auto text = good_request(key.key).text();
    stuck.send(text.substr(0, text.size() - 5));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    const auto begun = std::chrono::steady_clock::now();
    edge.signal(SIGTERM);
    CHECK(edge.wait_exit() == 0);
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(6));
}

TEST_CASE("a full queue is 503 busy with Retry-After, and the limit's place is given back") {
    mock_cluster kafka;
    edge_process edge(variables{{"ND_KAFKA", kafka.bootstrap()}});
    const auto key = known_key(edge);
    kafka.slow(700);
    auto client = edge.connect();
    client.send(good_request(key.key, 1000).text());
    http_answer busy;
    // 45 times 900 KB at once: the queue takes 32 MiB of the whole process.
    auto large = good_request(key.key);
    std::string events;
    for (int i = 0; i < 30; ++i)
        events += (i == 0 ? "" : ",") +
                  event(",\"properties\":{\"a\":\"" + std::string(30'000, 'x') + "\"}");
    large.body = batch(events);
    std::vector<raw_client> all;
    for (int i = 0; i < 45; ++i) {
        all.push_back(edge.connect());
        all.back().send(large.text());
    }
    int accepted = 0;
    int refused = 0;
    for (auto& one : all) {
        const auto got = one.read_answer(false, std::chrono::seconds(40));
        if (got.status == 202) ++accepted;
        if (got.status != 503) continue;
        ++refused;
        if (member(got, "code") == "busy") busy = got;
    }
    CHECK(accepted > 0);
    CHECK(accepted + refused == 45);
    REQUIRE(busy.status == 503);
    CHECK(std::stoi(busy.headers.at("retry-after")) >= 1);
    kafka.slow(0);
    CHECK(client.read_answer().status == 202);
    // One admission before these, 45 in them, 1 of the known key: what was refused is free again.
    const auto got = ask(edge, good_request(key.key));
    CHECK(got.headers.at("ratelimit").find("r=" + std::to_string(6000 - 3 - accepted) + ";") !=
          std::string::npos);
}

TEST_CASE(
    "a refusal for good is 500 without Retry-After, not ready and an alarm, until something is "
    "stored again") {
    mock_cluster kafka;
    edge_process edge(variables{{"ND_KAFKA", kafka.bootstrap()}});
    const auto key = known_key(edge);
    kafka.fail_next_produce(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
    const auto got = ask(edge, good_request(key.key, 1));
    CHECK(got.status == 500);
    CHECK(member(got, "code") == "publish_refused");
    CHECK(got.headers.count("retry-after") == 0);
    CHECK(edge.admin("/readyz").status == 503);
    CHECK(edge.admin("/metrics").body.find("nd_ingest_publish_refused 1") != std::string::npos);
    CHECK(eventually(std::chrono::seconds(20),
                     [&] { return ask(edge, good_request(key.key, 1)).status == 202; }));
    CHECK(edge.admin("/readyz").status == 200);
}

TEST_CASE(
    "Kafka away: 503 when the delivery times out, not ready after ten seconds, all well again "
    "after it") {
    mock_cluster kafka;
    edge_process edge(variables{{"ND_KAFKA", kafka.bootstrap()}});
    const auto key = known_key(edge);
    CHECK(ask(edge, good_request(key.key)).status == 202);
    kafka.down(true);
    const auto begun = std::chrono::steady_clock::now();
    auto got = ask(edge, good_request(key.key));
    CHECK(got.status == 503);
    CHECK(member(got, "code") == "unavailable");
    CHECK(std::stoi(got.headers.at("retry-after")) >= 1);
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(14));
    CHECK(
        eventually(std::chrono::seconds(10), [&] { return edge.admin("/readyz").status == 503; }));
    kafka.down(false);
    CHECK(
        eventually(std::chrono::seconds(20), [&] { return edge.admin("/readyz").status == 200; }));
    CHECK(eventually(std::chrono::seconds(20),
                     [&] { return ask(edge, good_request(key.key)).status == 202; }));
}
