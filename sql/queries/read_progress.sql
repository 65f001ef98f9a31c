-- How far every partition of a topic is stored: $1 cluster, $2 topic. A partition without a row has nothing stored.
select partition, next_offset from nd.progress where cluster = $1::text and topic = $2::text order by partition
