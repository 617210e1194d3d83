//! The name of a server's version that a person looked at.

use super::context::theirs_body;
use sync_engine::{Hash, Record, Seen, Theirs, Validator};

const GONE: &str = "gone";

/// Names the server's version of a record as it is known now; opaque to others. Without news of the server that is
/// the last synced version.
pub fn seen_of(record: &Record) -> String {
    match seen_now(record) {
        Seen::Gone => GONE.to_owned(),
        Seen::Present(validator, hash) => {
            let hash: String = hash.0.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{hash} {}", validator.as_ref().map_or("", Validator::as_str))
        }
    }
}

fn seen_now(record: &Record) -> Seen {
    let validator = match record.theirs.as_ref().map(|theirs| &theirs.what) {
        Some(Theirs::Present(version)) => version.validator.clone(),
        Some(Theirs::Gone) => return Seen::Gone,
        None => record.base.as_ref().and_then(|base| base.validator.clone()),
    };
    let body = theirs_body(record).or(record.base.as_ref().map(|base| &base.body));
    body.map_or(Seen::Gone, |body| Seen::Present(validator, body.hash()))
}

/// Reads what [`seen_of`] wrote, or a bare version mark as the command line shows it (`--seen`). A version mark that
/// is not the one of the version known now gives a `Seen` that fits no version, so that nothing is sent unseen.
/// `None` if the text is neither.
pub fn parse_seen(record: &Record, text: &str) -> Option<Seen> {
    if text == GONE {
        return Some(Seen::Gone);
    }
    if let Some((hash, validator)) = text.split_once(' ')
        && let Some(hash) = parse_hash(hash)
    {
        let validator = if validator.is_empty() { None } else { Some(Validator::new(validator).ok()?) };
        return Some(Seen::Present(validator, hash));
    }
    let validator = Validator::new(text).ok()?;
    match seen_now(record) {
        Seen::Present(Some(now), hash) if now == validator => Some(Seen::Present(Some(now), hash)),
        _ => Some(Seen::Present(Some(validator), Hash([0; 32]))),
    }
}

fn parse_hash(text: &str) -> Option<Hash> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(Hash(bytes))
}
