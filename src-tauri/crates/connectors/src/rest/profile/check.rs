//! Reading a profile and checking it: what is wrong is said with the key it is about.

use super::raw::{self, Several};
use super::{Collections, Current, Delta, History, List, Paging, Profile, Source};
use crate::ProfileError;
use crate::address::Template;
use crate::envelope::Pointer;
use crate::judge::Conflict;
use http::{HeaderName, HeaderValue};
use sync_engine::Creates;

/// Headers that belong to the protocol, the credentials or the connection.
const NOT_TO_BE_SET: [&str; 14] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "host",
    "idempotency-key",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-unmodified-since",
    "transfer-encoding",
];

impl Profile {
    /// Reads and checks a profile.
    pub(crate) fn parse(text: &str) -> Result<Self, ProfileError> {
        let raw: raw::Raw =
            toml::from_str(text).map_err(|error| ProfileError::Toml(toml_words(text, &error)))?;
        let _ = &raw.title;
        let records = raw.records;
        let list_url = template("list.url", &raw.list.url, false)?;
        let accept = records.accept.unwrap_or_else(|| "application/json, */*;q=0.5".to_owned());
        Ok(Self {
            headers: headers(&raw.headers)?,
            url: template("records.url", &records.url, true)?,
            accept: value("records.accept", accept)?,
            content_type: records.content_type.map(|v| value("records.content_type", v)).transpose()?,
            creates: match records.create {
                raw::Create::Put => Creates::OwnAddress,
                raw::Create::Post => Creates::Post,
                raw::Create::PostWithKey => Creates::PostWithKey,
                raw::Create::None => Creates::No,
            },
            create_url: match &records.create_url {
                Some(url) => template("records.create_url", url, false)?,
                None => list_url.clone(),
            },
            record: pointer("records.record", &records.record)?,
            answer_is_record: records.answer == raw::WriteAnswer::Record,
            id: maybe("records.id", records.id.as_deref())?,
            merge: super::policy::policy(&raw.merge, &records.server_kept)?,
            conflict: match records.conflict {
                raw::Conflict::Changed => Conflict::Changed,
                raw::Conflict::Refused => Conflict::Refused,
            },
            confirm: records.confirm,
            author: maybe("records.author", records.author.as_deref())?,
            time: maybe("records.time", records.time.as_deref())?,
            weak_enforced: raw.validator.weak_enforced,
            validator: validator(raw.validator)?,
            current: raw.current.map(current).transpose()?,
            paging: paging(raw.paging)?,
            delta: raw.delta.map(|delta| self::delta(delta, &list_url)).transpose()?,
            list: list(raw.list, list_url)?,
            batch: raw.batch.map(batch).transpose()?,
            dry_run: raw.dry_run.map(dry_run).transpose()?,
            history: raw.history.map(history).transpose()?,
            schema: raw.schema.map(schema).transpose()?,
            collections: raw.collections.map(collections).transpose()?,
        })
    }
}

pub(super) fn wrong(key: &str, words: impl Into<String>) -> ProfileError {
    ProfileError::Key { key: key.to_owned(), words: words.into() }
}

fn template(key: &str, text: &str, id: bool) -> Result<Template, ProfileError> {
    Template::parse(text, id).map_err(|words| wrong(key, words))
}

pub(super) fn pointer(key: &str, text: &str) -> Result<Pointer, ProfileError> {
    Pointer::parse(text).map_err(|words| wrong(key, words))
}

fn maybe(key: &str, text: Option<&str>) -> Result<Option<Pointer>, ProfileError> {
    text.map(|text| pointer(key, text)).transpose()
}

fn several(key: &str, texts: Several) -> Result<Vec<Pointer>, ProfileError> {
    let texts = match texts {
        Several::One(text) => vec![text],
        Several::Many(texts) => texts,
    };
    if texts.is_empty() {
        return Err(wrong(key, "must name at least one pointer."));
    }
    texts.iter().map(|text| pointer(key, text)).collect()
}

fn value(key: &str, text: String) -> Result<String, ProfileError> {
    match HeaderValue::from_str(&text) {
        Ok(_) if !text.trim().is_empty() && text.is_ascii() => Ok(text),
        _ => Err(wrong(key, "cannot be sent in a header. Use visible ASCII characters.")),
    }
}

fn header_name(key: &str, name: &str) -> Result<(), ProfileError> {
    match HeaderName::from_bytes(name.as_bytes()) {
        Ok(_) => Ok(()),
        Err(_) => Err(wrong(key, format!("is \"{name}\", which is no name of a header."))),
    }
}

fn headers(
    given: &std::collections::BTreeMap<String, String>,
) -> Result<Vec<(String, String)>, ProfileError> {
    let mut out = Vec::new();
    for (name, text) in given {
        let key = format!("headers.{name}");
        header_name(&key, name)?;
        if NOT_TO_BE_SET.contains(&name.to_ascii_lowercase().as_str()) {
            return Err(wrong(&key, "is set by Matchbook itself. Remove it."));
        }
        out.push((name.clone(), value(&key, text.clone())?));
    }
    Ok(out)
}

fn validator(raw: raw::Validator) -> Result<Source, ProfileError> {
    match (raw.header, raw.member) {
        (Some(_), Some(_)) => {
            Err(wrong("validator", "has both header and member. Keep the one that If-Match takes."))
        }
        (None, Some(member)) => Ok(Source::Member(pointer("validator.member", &member)?, raw.quoted)),
        (header, None) => {
            let name = header.unwrap_or_else(|| "ETag".to_owned());
            header_name("validator.header", &name)?;
            Ok(Source::Header(name))
        }
    }
}

fn current(raw: raw::Current) -> Result<Current, ProfileError> {
    Ok(Current {
        record: pointer("current.record", &raw.record)?,
        etag: maybe("current.etag", raw.etag.as_deref())?,
        etag_quoted: raw.etag_quoted,
        gone: maybe("current.gone", raw.gone.as_deref())?,
    })
}

fn list(raw: raw::List, url: Template) -> Result<List, ProfileError> {
    let id = several("list.id", raw.id)?;
    if id.iter().any(Pointer::is_whole) && (raw.record.is_some() || raw.etag.is_some()) {
        return Err(wrong("list.id", "is the whole item, so the item has no room for a record or a tag."));
    }
    Ok(List {
        url,
        items: several("list.items", raw.items)?,
        id,
        etag: maybe("list.etag", raw.etag.as_deref())?,
        etag_quoted: raw.etag_quoted,
        record: maybe("list.record", raw.record.as_deref())?,
        deleted: maybe("list.deleted", raw.deleted.as_deref())?,
        total: maybe("list.total", raw.total.as_deref())?,
        covers: raw.covers,
    })
}

fn paging(raw: raw::Paging) -> Result<Paging, ProfileError> {
    let token = match (raw.token, raw.token_parameter) {
        (Some(at), Some(parameter)) => Some((pointer("paging.token", &at)?, parameter)),
        (None, None) => None,
        (Some(_), None) => return Err(wrong("paging.token", "needs token_parameter beside it.")),
        (None, Some(_)) => return Err(wrong("paging.token_parameter", "needs token beside it.")),
    };
    let limit = match (raw.limit_parameter, raw.limit) {
        (Some(parameter), Some(limit)) if limit > 0 => Some((parameter, limit)),
        (None, None) => None,
        _ => return Err(wrong("paging.limit", "must be at least 1 and have limit_parameter beside it.")),
    };
    let next = raw.next.map(|next| several("paging.next", next)).transpose()?.unwrap_or_default();
    Ok(Paging { next, token, limit, stable: raw.stable })
}

fn delta(raw: raw::Delta, list_url: &Template) -> Result<Delta, ProfileError> {
    if raw.cursor.is_some() == raw.cursor_header.is_some() {
        return Err(wrong("delta", "needs either cursor (a pointer into the page) or cursor_header."));
    }
    if let Some(name) = &raw.cursor_header {
        header_name("delta.cursor_header", name)?;
    }
    let lost = raw.lost.unwrap_or_else(|| vec![400, 410, 412]);
    if let Some(status) = lost.iter().find(|status| !(400..500).contains(*status)) {
        return Err(wrong(
            "delta.lost",
            format!("holds {status}. Only numbers from 400 to 499 can mean a lost cursor."),
        ));
    }
    Ok(Delta {
        url: raw
            .url
            .map(|url| template("delta.url", &url, false))
            .transpose()?
            .unwrap_or_else(|| list_url.clone()),
        parameter: raw.parameter,
        cursor: maybe("delta.cursor", raw.cursor.as_deref())?,
        cursor_header: raw.cursor_header,
        take: raw.take,
        lost,
    })
}

fn batch(raw: raw::Batch) -> Result<(Template, usize), ProfileError> {
    if !(2..=1000).contains(&raw.size) {
        return Err(wrong("batch.size", "must be from 2 to 1000."));
    }
    fixed("batch.url", &raw.url).map(|url| (url, raw.size))
}

/// An address without anything to fill in.
fn fixed(key: &str, text: &str) -> Result<Template, ProfileError> {
    if text.contains('{') {
        return Err(wrong(key, "must not hold anything in braces: it is one address for all collections."));
    }
    template(key, text, false)
}

fn dry_run(raw: raw::DryRun) -> Result<(String, String), ProfileError> {
    header_name("dry_run.header", &raw.header)?;
    Ok((raw.header, value("dry_run.value", raw.value)?))
}

fn history(raw: raw::History) -> Result<History, ProfileError> {
    let named = |key: &str, text: Option<String>, usual: &str| pointer(key, text.as_deref().unwrap_or(usual));
    Ok(History {
        url: template("history.url", &raw.url, true)?,
        lines: pointer("history.lines", &raw.lines)?,
        at: named("history.at", raw.at, "/at")?,
        actor: named("history.actor", raw.actor, "/actor")?,
        from: named("history.from", raw.from, "/from")?,
        to: named("history.to", raw.to, "/to")?,
        changed: named("history.changed", raw.changed, "/changed")?,
        request_id: named("history.request_id", raw.request_id, "/request_id")?,
    })
}

fn schema(raw: raw::Schema) -> Result<(Template, Pointer), ProfileError> {
    Ok((template("schema.url", &raw.url, false)?, pointer("schema.schema", &raw.schema)?))
}

fn collections(raw: raw::Collections) -> Result<Collections, ProfileError> {
    Ok(Collections {
        url: fixed("collections.url", &raw.url)?,
        items: pointer("collections.items", &raw.items)?,
        name: pointer("collections.name", &raw.name)?,
        title: maybe("collections.title", raw.title.as_deref())?,
        noun: maybe("collections.noun", raw.noun.as_deref())?,
        count: maybe("collections.count", raw.count.as_deref())?,
    })
}

/// The parser's words with the line, on one line.
fn toml_words(text: &str, error: &toml::de::Error) -> String {
    let line = error.span().map(|span| text.get(..span.start).unwrap_or_default().matches('\n').count() + 1);
    let message = crate::problem::tidy(error.message());
    let message = message
        .replace("unknown field", "There is no key")
        .replace(", expected one of ", " here. There are: ")
        .replace(", expected ", " here; expected was ")
        .replace("missing field", "A key is missing:");
    let message = if message.ends_with('.') { message } else { format!("{message}.") };
    match line {
        Some(line) => format!("Line {line}: {message}"),
        None => message,
    }
}
