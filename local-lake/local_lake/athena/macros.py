"""Trino's functions that DuckDB lacks, written in DuckDB's SQL."""

MACROS = (
    # A decimal as the integer of its digits, and integers divided with the half rounded away from zero, as
    # Trino's decimals are: exact where doubles would not be.
    "CREATE MACRO lake_digits(x) AS CAST(replace(CAST(x AS VARCHAR), '.', '') AS HUGEINT)",
    "CREATE MACRO lake_divide(n, d) AS CASE WHEN d = 0 THEN error('Division by zero') "
    "WHEN (n < 0) <> (d < 0) THEN -((2 * abs(n) + abs(d)) // (2 * abs(d))) "
    "ELSE (2 * abs(n) + abs(d)) // (2 * abs(d)) END",
    # slice(array, start, length); a negative start counts from the end.
    "CREATE MACRO lake_slice(l, b, n) AS list_slice(l, CASE WHEN b < 0 THEN len(l) + b + 1 ELSE b END, "
    "CASE WHEN b < 0 THEN len(l) + b + n ELSE b + n - 1 END)",
    # A key that comes twice keeps its first value; NULL is no key.
    "CREATE MACRO map_agg(k, v) AS map(list_distinct(list(k)), list_transform(list_distinct(list(k)), "
    "lambda x: list_extract(list(v), list_position(list(k), x))))",
    "CREATE MACRO multimap_agg(k, v) AS map(list_distinct(list(k)), list_transform(list_distinct(list(k)), "
    "lambda x: list_transform(list_filter(list({'k': k, 'v': v}), lambda e: e.k = x), lambda e: e.v)))",
    "CREATE MACRO to_iso8601(x) AS CASE WHEN typeof(x) = 'DATE' THEN CAST(CAST(x AS DATE) AS VARCHAR) "
    "ELSE strftime(CAST(x AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%g') || "
    "CASE WHEN typeof(x) LIKE '%ZONE' THEN 'Z' ELSE '' END END",
    "CREATE MACRO from_iso8601_timestamp(x) AS CAST(x AS TIMESTAMPTZ)",
    "CREATE MACRO from_iso8601_timestamp_nanos(x) AS CAST(x AS TIMESTAMPTZ)",
    "CREATE MACRO from_iso8601_date(x) AS CAST(x AS DATE)",
    "CREATE MACRO at_timezone(t, z) AS timezone(z, t)",
    "CREATE MACRO to_utf8(x) AS encode(x)",
    "CREATE MACRO to_hex(x) AS hex(x)",
    "CREATE MACRO from_hex(x) AS unhex(x)",
    "CREATE MACRO codepoint(x) AS unicode(x)",
    "CREATE MACRO truncate(x) AS trunc(x)",
    "CREATE MACRO is_infinite(x) AS isinf(x)",
    "CREATE MACRO is_nan(x) AS isnan(x)",
    "CREATE MACRO is_finite(x) AS isfinite(x)",
    "CREATE MACRO infinity() AS CAST('inf' AS DOUBLE)",
    "CREATE MACRO nan() AS CAST('nan' AS DOUBLE)",
    "CREATE MACRO bitwise_and(a, b) AS a & b",
    "CREATE MACRO bitwise_or(a, b) AS a | b",
    "CREATE MACRO bitwise_xor(a, b) AS xor(a, b)",
    "CREATE MACRO width_bucket(x, lo, hi, n) AS CASE WHEN x < lo THEN 0 WHEN x >= hi THEN n + 1 "
    "ELSE CAST(floor((x - lo) / (hi - lo) * n) AS BIGINT) + 1 END",
    "CREATE MACRO array_distinct(l) AS list_distinct(l)",
    "CREATE MACRO array_max(l) AS list_max(l)",
    "CREATE MACRO array_min(l) AS list_min(l)",
    "CREATE MACRO array_sum(l) AS list_sum(l)",
    "CREATE MACRO array_remove(l, x) AS list_filter(l, lambda e: e IS DISTINCT FROM x)",
    "CREATE MACRO arrays_overlap(a, b) AS list_has_any(a, b)",
    "CREATE MACRO url_extract_host(u) AS nullif(regexp_extract(u, '^[a-zA-Z][\\w+.-]*://([^/:?#]+)', 1), '')",
    "CREATE MACRO url_extract_path(u) AS regexp_extract(u, '^[a-zA-Z][\\w+.-]*://[^/?#]*([^?#]*)', 1)",
    "CREATE MACRO url_extract_query(u) AS nullif(regexp_extract(u, '\\?([^#]*)', 1), '')",
    "CREATE MACRO url_extract_protocol(u) AS nullif(regexp_extract(u, '^([a-zA-Z][\\w+.-]*)://', 1), '')",
    "CREATE MACRO normalize(x) AS nfc_normalize(x)",
    "CREATE MACRO last_day_of_month(d) AS last_day(d)",
    "CREATE MACRO year_of_week(d) AS isoyear(d)",
    "CREATE MACRO day_of_month(d) AS dayofmonth(d)",
    "CREATE MACRO day_of_year(d) AS dayofyear(d)",
    "CREATE MACRO json_parse(x) AS CAST(x AS JSON)",
    "CREATE MACRO json_format(x) AS CAST(x AS VARCHAR)",
    "CREATE MACRO is_json_scalar(x) AS json_type(x) NOT IN ('ARRAY', 'OBJECT')",
)
