//! The SQL functions of Milaan: each file is one function, a thin Arrow shell over a kernel.
//!
//! A new function is a file with a `FUNCTION` and one line in [`FUNCTIONS`]; its documentation, its registration and the
//! class of its result (what may leave) follow from that. NULL in gives NULL out unless a function says otherwise.
//!
//! Invariant: a function holds no state, so it is reached by name on any node; keys come from the session ([`Secrets`]).
//!
//! ```no_run
//! let mut ctx = datafusion::prelude::SessionContext::new();
//! milaan_functions::register(&ctx);
//! ```

use datafusion::logical_expr::ScalarUDF;
use datafusion::prelude::SessionContext;

mod amounts;
mod answers;
mod birth;
mod bundle;
mod case;
mod digits;
mod period;
mod repeats;
mod secrets;
mod shell;
mod tables;

mod age_issue;
mod age_years;
mod amount_issue;
mod amount_parse;
mod bank_columns;
mod bank_issue;
mod bank_token;
mod benefit_state;
mod birth_columns;
mod birth_date;
mod birth_date_compare;
mod birth_date_issue;
mod birth_date_precision;
mod birth_latest;
mod birth_year;
mod birth_years;
mod case_key;
mod cell_issue;
mod consent_parse;
mod date_issue;
mod date_mismatch;
mod date_parse;
mod digits_compare;
mod digits_mismatch;
mod edit_distance;
mod fingerprint;
mod gender_issue;
mod gender_parse;
mod id_columns;
mod id_compare;
mod id_gender_issue;
mod id_issue;
mod id_mask;
mod id_seal;
mod id_token;
mod identifier_issue;
mod identifier_normalise;
mod ifsc_issue;
mod ifsc_normalise;
mod jaro_winkler;
mod latin_spelling;
mod mask_bank;
mod mask_date;
mod mask_name;
mod mask_phone;
mod mask_text;
mod match_probability;
mod name_align;
mod name_columns;
mod name_issue;
mod name_key;
mod name_keys;
mod name_mismatch;
mod name_parse;
mod name_similarity;
mod name_standard;
mod number_parse;
mod part_of;
mod period_from;
mod period_issue;
mod period_parse;
mod period_to;
mod phone_issue;
mod phone_normalise;
mod place_code;
mod place_key;
mod quantity_issue;
mod quantity_parse;
mod record_id;
mod relative_columns;
mod relative_key;
mod relative_keys;
mod relative_standard;
mod row_issues;
mod status_meaning;
mod text_clean;
mod text_fold;
mod word_key;
mod yes_no_issue;
mod yes_no_parse;

pub use bundle::{BUNDLES, Bundle, Part};
pub use secrets::Secrets;
pub use shell::{Kind, ResultClass, Row, Rows, SqlFunction};
pub use tables::Tables;

/// All functions, by name. Every session and every node gets this slice.
pub const FUNCTIONS: &[&SqlFunction] = &[
    &age_issue::FUNCTION,
    &age_years::FUNCTION,
    &amount_issue::FUNCTION,
    &amount_parse::FUNCTION,
    &bank_columns::FUNCTION,
    &bank_issue::FUNCTION,
    &bank_token::FUNCTION,
    &benefit_state::FUNCTION,
    &birth_columns::FUNCTION,
    &birth_date::FUNCTION,
    &birth_date_compare::FUNCTION,
    &birth_date_issue::FUNCTION,
    &birth_date_precision::FUNCTION,
    &birth_latest::FUNCTION,
    &birth_year::FUNCTION,
    &birth_years::FUNCTION,
    &case_key::FUNCTION,
    &cell_issue::FUNCTION,
    &consent_parse::FUNCTION,
    &date_issue::FUNCTION,
    &date_mismatch::FUNCTION,
    &date_parse::FUNCTION,
    &digits_compare::FUNCTION,
    &digits_mismatch::FUNCTION,
    &edit_distance::FUNCTION,
    &fingerprint::FUNCTION,
    &gender_issue::FUNCTION,
    &gender_parse::FUNCTION,
    &id_columns::FUNCTION,
    &id_compare::FUNCTION,
    &id_gender_issue::FUNCTION,
    &id_issue::FUNCTION,
    &id_mask::FUNCTION,
    &id_seal::FUNCTION,
    &id_token::FUNCTION,
    &identifier_issue::FUNCTION,
    &identifier_normalise::FUNCTION,
    &ifsc_issue::FUNCTION,
    &ifsc_normalise::FUNCTION,
    &jaro_winkler::FUNCTION,
    &latin_spelling::FUNCTION,
    &mask_bank::FUNCTION,
    &mask_date::FUNCTION,
    &mask_name::FUNCTION,
    &mask_phone::FUNCTION,
    &mask_text::FUNCTION,
    &match_probability::FUNCTION,
    &name_align::FUNCTION,
    &name_columns::FUNCTION,
    &name_issue::FUNCTION,
    &name_key::FUNCTION,
    &name_keys::FUNCTION,
    &name_mismatch::FUNCTION,
    &name_parse::FUNCTION,
    &name_similarity::FUNCTION,
    &name_standard::FUNCTION,
    &number_parse::FUNCTION,
    &part_of::FUNCTION,
    &period_from::FUNCTION,
    &period_issue::FUNCTION,
    &period_parse::FUNCTION,
    &period_to::FUNCTION,
    &phone_issue::FUNCTION,
    &phone_normalise::FUNCTION,
    &place_code::FUNCTION,
    &place_key::FUNCTION,
    &quantity_issue::FUNCTION,
    &quantity_parse::FUNCTION,
    &record_id::FUNCTION,
    &relative_columns::FUNCTION,
    &relative_key::FUNCTION,
    &relative_keys::FUNCTION,
    &relative_standard::FUNCTION,
    &row_issues::FUNCTION,
    &status_meaning::FUNCTION,
    &text_clean::FUNCTION,
    &text_fold::FUNCTION,
    &word_key::FUNCTION,
    &yes_no_issue::FUNCTION,
    &yes_no_parse::FUNCTION,
];

/// The function of that name, if there is one.
pub fn find(name: &str) -> Option<&'static SqlFunction> {
    FUNCTIONS.iter().copied().find(|function| function.name == name)
}

/// Makes all functions known to a session.
pub fn register(ctx: &SessionContext) {
    for function in FUNCTIONS {
        ctx.register_udf(ScalarUDF::new_from_impl(shell::Shell::new(function)));
    }
}
