//! `edit` and `new`: saved on this computer, sent with the next sync.

use super::{Home, file, wrote};
use crate::args;
use crate::exit::{Exit, usage};
use crate::output::Output;
use ipc_types::{BodyOperation, CreateRecord, RecordKey, SaveEdit};

/// Changes or deletes a record.
pub async fn edit(home: &Home, args: args::Edit, out: &mut Output) -> anyhow::Result<Exit> {
    // Read before the folder is locked: standard input may take its time.
    let body = args.file.as_deref().map(file).transpose()?;
    let handle = home.open().await?;
    let key = handle.find(&args.record).await?;
    let wanted = RecordKey { key: key.to_string() };
    let saved = match body {
        Some(body) => handle.replace_body(key, body).await?,
        None if args.delete => handle.delete_record(wanted).await?,
        None => {
            let view = handle.record(wanted).await?;
            let sets = args.sets.into_iter().map(|(pointer, json)| BodyOperation::Set { pointer, json });
            let unsets = args.unsets.into_iter().map(|pointer| BodyOperation::Unset { pointer });
            let operations = sets.chain(unsets).collect();
            handle.save_edit(SaveEdit { key: view.key, based_on_rev: view.rev, operations }).await?
        }
    };
    wrote(&handle, &saved, out).await
}

/// Makes a record.
pub async fn new(home: &Home, args: args::New, out: &mut Output) -> anyhow::Result<Exit> {
    let text = String::from_utf8(file(&args.file)?)
        .map_err(|_| usage("A new record must be UTF-8 text. Nothing was saved."))?;
    let handle = home.open().await?;
    let args::Place { source, collection } = args.place;
    let saved =
        handle.create_record(CreateRecord { source, collection, text: Some(text), id: args.id }).await?;
    wrote(&handle, &saved, out).await
}
