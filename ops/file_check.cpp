#include "ops/file_check.hpp"

#include "base/hmac.hpp"
#include "ops/text_table.hpp"
#include "schema/receipt.hpp"

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace nd::ops {
namespace {

bool any_database(const settings& from) {
    return std::any_of(
        setting_names.begin(), setting_names.end(), [&from](const setting_name& name) {
            return name.env.ends_with("_DATABASE_URL") && !(from.*name.value).empty();
        });
}

finding missing(std::string subject, std::string what) {
    return {"config_missing", std::move(subject), "is not set", std::move(what)};
}

}  // namespace

check check_variables(const settings& from) {
    check seen{"config", {}, {}, false};
    if (from.kafka.empty())
        seen.found.push_back(
            missing("ND_KAFKA", "set it to Kafka's bootstrap servers, host:port,..."));
    if (from.pepper_file.empty()) {
        seen.found.push_back(
            missing("ND_KEY_PEPPER_FILE",
                    "set it to the file that nd-ingest hashes keys with; to make the "
                    "first: head -c 32 /dev/urandom > FILE; chmod 600 FILE"));
    }
    if (!any_database(from)) {
        seen.found.push_back(missing("ND_*_DATABASE_URL",
                                     "set the URL of each role whose program runs here, and "
                                     "ND_OPERATOR_DATABASE_URL for ndctl"));
    }
    const auto set =
        std::count_if(setting_names.begin(), setting_names.end(),
                      [&from](const setting_name& name) { return !(from.*name.value).empty(); });
    seen.detail =
        fmt::format("{} of {} variables set{}", set, setting_names.size(),
                    from.single_broker ? ", single broker: losing its disk loses events" : "");
    return seen;
}

check check_pepper(const settings& from) {
    check seen{"pepper", from.pepper_file, {}, false};
    if (from.pepper_file.empty()) return {"pepper", "ND_KEY_PEPPER_FILE is not set", {}, true};
    struct stat facts {};
    if (::stat(from.pepper_file.c_str(), &facts) != 0 ||
        ::access(from.pepper_file.c_str(), R_OK) != 0) {
        seen.found.push_back(
            {"pepper_unreadable", from.pepper_file, "is not there, or not for this user to read",
             "bring the file back from the backup: with another secret every key is unknown"});
        return seen;
    }
    if ((facts.st_mode & S_IRWXO) != 0) {
        seen.found.push_back(
            {"pepper_open", from.pepper_file,
             fmt::format("has mode {:04o}: everybody may use it", facts.st_mode & 07777u),
             fmt::format("chmod o= {}", from.pepper_file)});
        return seen;
    }
    if (const auto secret = base::read_secret_file(from.pepper_file); !secret) {
        seen.found.push_back({"pepper_short", from.pepper_file, secret.error().detail,
                              "it was cut or is the wrong file: bring it back from the backup. "
                              "Only before the first key exists "
                              "make a new one: head -c 32 /dev/urandom > FILE"});
        return seen;
    }
    seen.detail += fmt::format(", mode {:04o}", facts.st_mode & 07777u);
    return seen;
}

// One that cannot be read keeps nd-ingest from starting; without its old one, receipts of before a
// rotation are refused.
check check_receipt_keys(const settings& from) {
    if (from.receipt_key_files.empty())
        return {"receipts", "ND_RECEIPT_KEY_FILES is not set: the pepper signs", {}, true};
    check seen{"receipts", {}, {}, false};
    const auto secrets = schema::receipt_secrets(from.receipt_key_files, "");
    if (!secrets) {
        seen.found.push_back({"receipt_key_bad", from.receipt_key_files, secrets.error().detail,
                              "bring the file back, or take its name out: then the receipts that "
                              "it signed are refused"});
        return seen;
    }
    const auto ids = schema::receipt_keys(*secrets).ids();
    seen.detail =
        fmt::format("key {} signs, {} are accepted with the pepper's", ids.front(), ids.size());
    return seen;
}

}  // namespace nd::ops
