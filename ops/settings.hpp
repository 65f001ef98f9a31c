// Where ndctl finds Kafka, Postgres and the files it needs: the ND_ variables that the other
// programs use too, as flags, environment or file. Filled by command_line; every command takes what
// it needs and says which variable is missing.
#pragma once

#include "base/result.hpp"

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

namespace nd::ops {

struct settings {
    bool json = false;
    bool single_broker = false;
    std::string log_level = "error";  // Kafka's client says what it tries at lower ones
    std::string kafka;
    std::string kafka_config;
    std::string pepper_file;
    std::string receipt_key_files;
    std::string admin_url;
    std::string migrate_url;
    std::string operator_url;
    std::string ingest_url;
    std::string reader_url;
    std::string writer_url;
    std::string enricher_url;
    std::string backup_url;
    std::string openai_key_file;
    std::string tls_cert;
    std::string tls_key;
};

struct setting_name {
    std::string settings::*value;
    std::string_view flag;
    std::string_view env;
    std::string_view help;
};

inline constexpr std::array<setting_name, 15> setting_names{{
    {&settings::kafka, "--kafka", "ND_KAFKA", "Kafka bootstrap servers, host:port,..."},
    {&settings::kafka_config, "--kafka-config", "ND_KAFKA_CONFIG",
     "file of librdkafka properties, for SASL and TLS"},
    {&settings::pepper_file, "--key-pepper-file", "ND_KEY_PEPPER_FILE",
     "file with the secret that keys are hashed with"},
    {&settings::receipt_key_files, "--receipt-key-files", "ND_RECEIPT_KEY_FILES",
     "nd-ingest's secrets of receipts, commas between, for receipt verify"},
    {&settings::admin_url, "--admin-database-url", "ND_ADMIN_DATABASE_URL",
     "a superuser's URL, only for migrate --roles"},
    {&settings::migrate_url, "--migrate-database-url", "ND_MIGRATE_DATABASE_URL",
     "nd_migrate's direct URL: migrate, partitions, receipt prune, doctor"},
    {&settings::operator_url, "--operator-database-url", "ND_OPERATOR_DATABASE_URL",
     "nd_operator's URL: tenant, key, limits, receipt, erase, doctor"},
    {&settings::ingest_url, "--ingest-database-url", "ND_INGEST_DATABASE_URL", "checked by doctor"},
    {&settings::reader_url, "--reader-database-url", "ND_READER_DATABASE_URL", "checked by doctor"},
    {&settings::writer_url, "--writer-database-url", "ND_WRITER_DATABASE_URL",
     "waited for by erase, checked by doctor"},
    {&settings::enricher_url, "--enricher-database-url", "ND_ENRICHER_DATABASE_URL",
     "checked by doctor"},
    {&settings::backup_url, "--backup-database-url", "ND_BACKUP_DATABASE_URL",
     "nd_backup's direct URL, for pg_dump; checked by doctor"},
    {&settings::openai_key_file, "--openai-key-file", "ND_OPENAI_KEY_FILE",
     "nd-enricher's key of the model service, checked by doctor"},
    {&settings::tls_cert, "--tls-cert", "ND_TLS_CERT",
     "nd-ingest's certificate, checked by doctor"},
    {&settings::tls_key, "--tls-key", "ND_TLS_KEY", "nd-ingest's private key, checked by doctor"},
}};

// errc::invalid with one line for each that is missing, naming its variable and its flag.
[[nodiscard]] base::result<> require(const settings& from,
                                     std::initializer_list<std::string settings::*> values);
[[nodiscard]] const setting_name& name_of(std::string settings::*value);

}  // namespace nd::ops
