//! The id a case gets when it is first seen.

use milaan_kernels::secret::short_name;

/// Twelve letters from a case's kind and first member; both are internal, so no key is needed.
pub(crate) fn key(kind: &str, member: &str) -> String {
    short_name(&format!("{kind}|{member}"), 12)
}
