//! The name of this computer, for the versions made on it.

use crate::fault::Answered;
use crate::handle::SyncHandle;
use record_store::Priority;

/// The setting the store takes it from.
const DEVICE: &str = "device";

impl SyncHandle {
    /// Notes the name of this computer; later versions carry it.
    pub(crate) async fn note_device(&self) -> Answered<()> {
        if !self.inner.store.writable() {
            return Ok(());
        }
        let name = gethostname::gethostname().to_string_lossy().trim().to_owned();
        let known = self.inner.store.read(|r| r.setting(DEVICE)).await?;
        if name.is_empty() || known.as_deref() == Some(name.as_str()) {
            return Ok(());
        }
        Ok(self.inner.store.write(Priority::Sync, move |tx| tx.set_setting(DEVICE, Some(&name))).await?)
    }
}
