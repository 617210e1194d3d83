//! Records that are gone, with their versions.

use crate::fault::Answered;
use crate::handle::SyncHandle;
use ipc_types::{DeletedPage, DeletedQuery, DeletedRow};

/// Most rows of one page.
const MOST: u32 = 500;

impl SyncHandle {
    /// Deleted records whose versions are kept, newest first.
    ///
    /// # Errors
    /// No such source.
    pub async fn deleted_records(&self, wanted: DeletedQuery) -> Answered<DeletedPage> {
        let only =
            wanted.source.as_deref().map(|name| self.inner.named(name)).transpose()?.map(|live| live.id);
        let offset = wanted.offset;
        let limit = wanted.limit.clamp(1, MOST) as usize;
        let text = wanted.text;
        let found = self.inner.store.read(move |r| r.deleted(only, &text, offset as usize, limit)).await?;
        let sources = self.inner.sources();
        let (rows, total) = found;
        let rows = rows.into_iter().filter_map(|row| {
            let live = sources.get(&row.gone.source)?;
            let coll = live.collections.get(&row.gone.collection_name)?;
            Some(DeletedRow {
                key: row.gone.key.to_string(),
                title: row.gone.title,
                source: live.name().to_owned(),
                collection: coll.row.settings.title.clone(),
                at: row.gone.at.0,
                by_you: row.by_me,
                versions: row.versions,
                newest: row.newest,
            })
        });
        Ok(DeletedPage { total: u32::try_from(total).unwrap_or(u32::MAX), offset, rows: rows.collect() })
    }
}
