//! Pakistan.
use crate::lists::{Programmed, RegistryLayout};
/// The programme.
pub(crate) const PROGRAMME: Programmed = Programmed {
    registry: RegistryLayout { path: "registry/nser.csv", header: &[], cells: |_, _| vec![] },
    needs: &[],
    lists: &[],
};
