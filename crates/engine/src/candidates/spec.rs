//! What the operator is to do: all of it, as JSON, and nothing secret.

use std::sync::Arc;

use milaan_kernels::secret::Keyring;
use milaan_linkage::candidates::{Compiled, Keep, Order};
use milaan_linkage::sql::Sides;
use milaan_model::matching::{MatchModel, Weights};
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// One list beside one registry under one model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CandidatesSpec {
    /// Parquet file or folder of the standardised list, an absolute path or URL.
    pub list: String,
    /// Only records of these sources, named `source_id/record_id`; empty: all of the list's, by their own record ids.
    pub sources: Vec<String>,
    /// Parquet file or folder of the standardised registry.
    pub registry: String,
    /// The model.
    pub model: MatchModel,
    /// Its weights.
    pub weights: Weights,
    /// Residents, for the prior.
    pub registry_rows: u64,
    /// Scheme of the identity numbers.
    pub id_scheme: String,
    /// The list is the registry itself.
    pub same_records: bool,
}

impl CandidatesSpec {
    /// The bytes that travel in a plan: JSON, numbers to the last bit.
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        serde_json::to_vec(self).map_err(|_| broken("it cannot be written"))
    }

    /// Reads [`Self::encode`]'s bytes. `Err`: they are none.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(bytes).map_err(|_| broken("these bytes are none"))
    }

    /// The columns that the list and the registry have to give.
    pub(crate) fn columns(&self) -> Result<(Vec<String>, Vec<String>), Error> {
        // They do not depend on the key, so any will do.
        let keyring = Some(Arc::new(Keyring::new([0; 32])));
        let compiled = self.compile(Keep::Useful, keyring, Vec::new())?;
        Ok((compiled.list_columns().to_vec(), compiled.registry_columns().to_vec()))
    }

    /// The model ready for comparing, under this session's key; residents in pairs give these columns besides.
    pub(crate) fn compile(
        &self,
        keep: Keep,
        keyring: Option<Arc<Keyring>>,
        carried: Vec<String>,
    ) -> Result<Compiled, Error> {
        let order = Order {
            sides: Sides {
                registry_rows: self.registry_rows,
                id_scheme: &self.id_scheme,
                same_records: self.same_records,
            },
            keep,
            keyring,
            carried,
        };
        Compiled::new(&self.model, &self.weights, order).map_err(Error::Linking)
    }
}

fn broken(reason: &str) -> Error {
    Error::Query { what: "the configuration of candidates".to_owned(), reason: reason.to_owned() }
}
