-- Each accepted record beside its resident, field by field: how the two differ, and both values masked where they do. Part by part of the
-- residents, as many parts as memory asks for.
WITH listed AS (
  SELECT source_id, record_id, resident_ref,
    person_name AS d_name, person_name_raw AS d_name_raw, relative_name AS d_relative, relative_name_raw AS d_relative_raw,
    birth_date AS d_date, birth_date_precision AS d_precision, birth_date_year AS d_year, gender AS d_gender, phone AS d_phone,
    national_id_token AS d_id, national_id_masked AS d_id_masked, ration_card AS d_card,
    village AS d_village, village_key AS d_village_key, village_code AS d_village_code,
    coalesce(mandal, tehsil) AS d_mandal, coalesce(mandal_key, tehsil_key) AS d_mandal_key, coalesce(mandal_code, tehsil_code) AS d_mandal_code,
    district AS d_district, district_key AS d_district_key, district_code AS d_district_code
  FROM looked_up
  WHERE lookup = 'found' AND part_of(resident_ref, $parts) = $part
),
known AS (
  SELECT resident_ref AS r_ref, coalesce(ekyc, false) AND standing <> 'ekyc_stale' AS verified, birth_proof, recorded_on,
    person_name AS r_name, person_name_raw AS r_name_raw, relative_name AS r_relative, relative_name_raw AS r_relative_raw,
    birth_date AS r_date, birth_date_precision AS r_precision, birth_date_year AS r_year, gender AS r_gender, phone AS r_phone,
    national_id_token AS r_id, national_id_masked AS r_id_masked, ration_card AS r_card,
    village AS r_village, village_key AS r_village_key, village_code AS r_village_code, mandal AS r_mandal, mandal_key AS r_mandal_key,
    mandal_code AS r_mandal_code, district AS r_district, district_key AS r_district_key, district_code AS r_district_code
  FROM answered
  WHERE part_of(resident_ref, $parts) = $part
),
-- Districts that were one: a list from before a split, or one that still writes the old name, names the same place.
once_one AS (
  SELECT code AS one_code, formerly AS other_code FROM place_crosswalk WHERE level = 'district'
  UNION
  SELECT formerly, code FROM place_crosswalk WHERE level = 'district'
),
graded AS (
  SELECT r.birth_proof = 'verified' AS birth_verified,
    l.stated_on,
    CASE WHEN d_name IS NULL AND r_name IS NULL THEN NULL WHEN d_name IS NULL THEN 'missing_here' WHEN r_name IS NULL THEN 'missing_there'
         ELSE name_mismatch(d_name, r_name, d_name_raw, r_name_raw) END AS name_kind,
    CASE WHEN d_relative IS NULL AND r_relative IS NULL THEN NULL WHEN d_relative IS NULL THEN 'missing_here'
         WHEN r_relative IS NULL THEN 'missing_there'
         ELSE name_mismatch(d_relative, r_relative, d_relative_raw, r_relative_raw) END AS relative_kind,
    CASE WHEN d_year IS NULL AND r_year IS NULL THEN NULL WHEN d_year IS NULL THEN 'missing_here' WHEN r_year IS NULL THEN 'missing_there'
         ELSE date_mismatch(d_date, d_precision, d_year, r_date, r_precision, r_year) END AS birth_kind,
    CASE WHEN d_gender IS NULL AND r_gender IS NULL THEN NULL WHEN d_gender IS NULL THEN 'missing_here' WHEN r_gender IS NULL THEN 'missing_there'
         WHEN d_gender <> r_gender THEN 'contradiction' END AS gender_kind,
    CASE WHEN d_phone IS NULL AND r_phone IS NULL THEN NULL WHEN d_phone IS NULL THEN 'missing_here' WHEN r_phone IS NULL THEN 'missing_there'
         ELSE digits_mismatch(d_phone, r_phone) END AS phone_kind,
    CASE WHEN d_id IS NULL AND r_id IS NULL THEN NULL WHEN d_id IS NULL THEN 'missing_here' WHEN r_id IS NULL THEN 'missing_there'
         WHEN d_id <> r_id THEN 'contradiction' END AS id_kind,
    CASE WHEN d_card IS NULL AND r_card IS NULL THEN NULL WHEN d_card IS NULL THEN 'missing_here' WHEN r_card IS NULL THEN 'missing_there'
         WHEN d_card <> r_card THEN 'contradiction' END AS card_kind,
    CASE WHEN d_village_key IS NULL AND r_village_key IS NULL THEN NULL WHEN d_village_key IS NULL THEN 'missing_here'
         WHEN r_village_key IS NULL THEN 'missing_there'
         WHEN coalesce(d_village_code <> r_village_code, d_village_key <> r_village_key) THEN 'contradiction'
         WHEN lower(d_village) <> lower(r_village) THEN 'variant' END AS village_kind,
    CASE WHEN d_mandal_key IS NULL AND r_mandal_key IS NULL THEN NULL WHEN d_mandal_key IS NULL THEN 'missing_here'
         WHEN r_mandal_key IS NULL THEN 'missing_there'
         WHEN coalesce(d_mandal_code <> r_mandal_code, d_mandal_key <> r_mandal_key) THEN 'contradiction'
         WHEN lower(d_mandal) <> lower(r_mandal) THEN 'variant' END AS mandal_kind,
    CASE WHEN d_district_key IS NULL AND r_district_key IS NULL THEN NULL WHEN d_district_key IS NULL THEN 'missing_here'
         WHEN r_district_key IS NULL THEN 'missing_there'
         WHEN coalesce(d_district_code <> r_district_code, d_district_key <> r_district_key)
           THEN CASE WHEN f.one_code IS NOT NULL AND coalesce(d_mandal_key = r_mandal_key, true) THEN 'variant' ELSE 'contradiction' END
         WHEN lower(d_district) <> lower(r_district) THEN 'variant' END AS district_kind,
    d_district_code <> r_district_code AND f.one_code IS NOT NULL AND coalesce(d_mandal_key = r_mandal_key, true) AS is_former_district,
    coalesce(d_id = r_id, false) AS same_id,
    d.*, r.*
  FROM listed AS d
  JOIN known AS r ON r.r_ref = d.resident_ref
  JOIN source_list AS l ON l.source_id = d.source_id
  LEFT JOIN once_one AS f ON f.one_code = d.d_district_code AND f.other_code = r.r_district_code
  WHERE NOT l.same_as_registry
)
SELECT source_id, record_id, resident_ref, same_id, verified, coalesce(birth_verified, false) AS birth_verified,
  CASE WHEN stated_on > recorded_on THEN 'list' WHEN stated_on <= recorded_on THEN 'registry' ELSE 'unknown' END AS newer,
  name_kind, CASE WHEN name_kind IS NOT NULL THEN mask_name(d_name) END AS name_here,
  CASE WHEN name_kind IS NOT NULL AND verified THEN mask_name(r_name) END AS name_there,
  relative_kind, CASE WHEN relative_kind IS NOT NULL THEN mask_name(d_relative) END AS relative_here,
  CASE WHEN relative_kind IS NOT NULL AND verified THEN mask_name(r_relative) END AS relative_there,
  birth_kind, CASE WHEN birth_kind IS NOT NULL THEN coalesce(mask_date(d_date), d_precision) END AS birth_here,
  CASE WHEN birth_kind IS NOT NULL AND verified THEN coalesce(mask_date(r_date), r_precision) END AS birth_there,
  gender_kind, CASE WHEN gender_kind IS NOT NULL THEN mask_text(d_gender) END AS gender_here,
  CASE WHEN gender_kind IS NOT NULL AND verified THEN mask_text(r_gender) END AS gender_there,
  phone_kind, CASE WHEN phone_kind IS NOT NULL THEN mask_phone(d_phone) END AS phone_here,
  CASE WHEN phone_kind IS NOT NULL AND verified THEN mask_phone(r_phone) END AS phone_there,
  id_kind, CASE WHEN id_kind IS NOT NULL THEN d_id_masked END AS id_here,
  CASE WHEN id_kind IS NOT NULL AND verified THEN r_id_masked END AS id_there,
  card_kind, CASE WHEN card_kind IS NOT NULL THEN mask_text(d_card) END AS card_here,
  CASE WHEN card_kind IS NOT NULL AND verified THEN mask_text(r_card) END AS card_there,
  village_kind, CASE WHEN village_kind IS NOT NULL THEN d_village END AS village_here,
  CASE WHEN village_kind IS NOT NULL AND verified THEN r_village END AS village_there,
  mandal_kind, CASE WHEN mandal_kind IS NOT NULL THEN d_mandal END AS mandal_here,
  CASE WHEN mandal_kind IS NOT NULL AND verified THEN r_mandal END AS mandal_there,
  district_kind, CASE WHEN district_kind IS NOT NULL THEN d_district END AS district_here,
  CASE WHEN district_kind IS NOT NULL AND verified THEN r_district END AS district_there,
  CASE WHEN is_former_district THEN 'FORMER_DISTRICT' END AS district_reason
FROM graded
