#include "sql/migrations.hpp"

#include <array>

namespace nd::sql {

extern const std::string_view migration_001_control;
extern const std::string_view migration_002_events;
extern const std::string_view migration_003_store_events;
extern const std::string_view migration_004_partitions;
extern const std::string_view migration_005_register_tenants;
extern const std::string_view migration_006_cheaper_tenants;
extern const std::string_view migration_007_receipts;
extern const std::string_view migration_008_erasures;
extern const std::string_view migration_009_dead_and_drop;
extern const std::string_view migration_010_jobs;
extern const std::string_view migration_011_replay;
extern const std::string_view migration_012_audit;
extern const std::string_view migration_013_pages;
extern const std::string_view migration_014_enrichment;
extern const std::string_view migration_015_page_retention;

std::span<const migration> migrations() noexcept {
    // Built at the first call: the texts live in other files, whose constants may be made after
    // this file's.
    static const std::array list{
        migration{1, "control", migration_001_control},
        migration{2, "events", migration_002_events},
        migration{3, "store_events", migration_003_store_events},
        migration{4, "partitions", migration_004_partitions},
        migration{5, "register_tenants", migration_005_register_tenants},
        migration{6, "cheaper_tenants", migration_006_cheaper_tenants},
        migration{7, "receipts", migration_007_receipts},
        migration{8, "erasures", migration_008_erasures},
        migration{9, "dead_and_drop", migration_009_dead_and_drop},
        migration{10, "jobs", migration_010_jobs},
        migration{11, "replay", migration_011_replay},
        migration{12, "audit", migration_012_audit},
        migration{13, "pages", migration_013_pages},
        migration{14, "enrichment", migration_014_enrichment},
        migration{15, "page_retention", migration_015_page_retention},
    };
    return list;
}

}  // namespace nd::sql
