//! Groups of records that may fare differently.

/// A dimension's name and its value, as SQL over `o` (an outcome) and `s` (the standardised record).
pub(super) const DIMENSIONS: &[(&str, &str)] = &[
    ("source", "o.source_id"),
    ("gender", "coalesce(s.gender, 'unknown')"),
    ("national_id", "CASE WHEN s.national_id_token IS NULL THEN 'absent' ELSE 'present' END"),
    ("birth_date_precision", "coalesce(s.birth_date_precision, 'none')"),
    (
        "age_band",
        "CASE WHEN s.birth_date_year IS NULL THEN 'unknown'\n\
         WHEN s.birth_date_year > 2008 THEN 'born after 2008' WHEN s.birth_date_year > 1986 THEN 'born 1987-2008'\n\
         WHEN s.birth_date_year > 1966 THEN 'born 1967-1986' ELSE 'born before 1967' END",
    ),
    // An initial is a letter that stands alone: of a family name, as a rule.
    (
        "name_shape",
        "CASE WHEN s.person_name_keys IS NULL THEN 'none'\n\
         WHEN regexp_like(s.person_name_raw, '(^|[ .])\\p{L}([ .]|$)') THEN 'with an initial'\n\
         WHEN array_length(s.person_name_keys) = 1 THEN 'one token' ELSE 'several tokens' END",
    ),
    (
        "script",
        "CASE WHEN s.person_name_raw IS NULL THEN 'none' WHEN regexp_like(s.person_name_raw, '[ఀ-౿]') THEN 'telugu'\n\
         WHEN regexp_like(s.person_name_raw, '[ऀ-ॿ]') THEN 'devanagari'\n\
         WHEN regexp_like(s.person_name_raw, '[؀-ۿ]') THEN 'arabic' ELSE 'latin' END",
    ),
    ("district", "coalesce(s.district_key, 'unknown')"),
];
