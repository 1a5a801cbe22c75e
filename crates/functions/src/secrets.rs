//! The installation's keys as a session extension: functions find them there and hold nothing themselves.

use std::any::Any;
use std::sync::Arc;

use datafusion::common::config::{ConfigEntry, ConfigExtension, ExtensionOptions};
use datafusion::common::{Result, plan_err};
use milaan_kernels::secret::Keyring;

/// Session extension `milaan` with the keyring. It lists no entries, so no `SHOW` and no plan can print it.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    keyring: Option<Arc<Keyring>>,
}

impl Secrets {
    /// A session's keys.
    pub fn new(keyring: Arc<Keyring>) -> Self {
        Self { keyring: Some(keyring) }
    }

    /// The keys, if this session has any.
    pub fn keyring(&self) -> Option<Arc<Keyring>> {
        self.keyring.clone()
    }
}

impl ConfigExtension for Secrets {
    const PREFIX: &'static str = "milaan";
}

impl ExtensionOptions for Secrets {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn cloned(&self) -> Box<dyn ExtensionOptions> {
        Box::new(self.clone())
    }

    fn set(&mut self, key: &str, _value: &str) -> Result<()> {
        plan_err!("`milaan.{key}` cannot be set")
    }

    fn entries(&self) -> Vec<ConfigEntry> {
        Vec::new()
    }
}
