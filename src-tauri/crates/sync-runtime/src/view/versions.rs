//! The versions of a merge as texts for another program.

use super::merge_state::MergeState;
use crate::external::Versions;
use record_merge::Format;
use record_merge::json::{Document, Kind, NodeId};
use sync_engine::Body;

/// Deepest document that is laid out anew.
const DEEPEST: usize = 200;

/// The versions of a merge. A JSON document in one line is laid out in lines, the same way for all: programs compare by
/// lines. What comes back is compared by value, so the layout changes nothing.
pub(crate) fn versions(state: &MergeState<'_>) -> Versions {
    let (theirs, mine) = (state.theirs_body(), state.edit.change.body());
    let result = result_body(state);
    let any = theirs.or(mine).or(state.base);
    let json = any.is_some_and(|body| body.format() == Format::Json);
    let all = [state.base, theirs, mine, result.as_ref()];
    let one_line = |body: &Body| !body.bytes.trim_ascii().contains(&b'\n');
    let anew = json && all.iter().flatten().any(|body| one_line(body));
    let text = |body: &Body| {
        let laid_out = if anew { laid_out(&body.bytes) } else { None };
        laid_out.unwrap_or_else(|| body.bytes.to_vec())
    };
    let [before, server, yours, result] = all.map(|body| body.map(text));
    Versions { before, server, yours, result, ending: any.map_or("txt", ending) }
}

/// The result so far, open rows at the server's value; of a record that would be gone: the person's version.
pub(crate) fn result_body(state: &MergeState<'_>) -> Option<Body> {
    let kept = state.theirs_body().or(state.edit.change.body())?;
    let bytes = state.result_so_far().or_else(|| state.edit.change.body().map(|body| body.bytes.to_vec()))?;
    Some(Body::new(bytes, kept.media_type.clone()))
}

/// The ending of a file name, by media type.
fn ending(body: &Body) -> &'static str {
    let essence = body.media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "text/vcard" | "text/x-vcard" => "vcf",
        "text/calendar" => "ics",
        "text/markdown" | "text/x-markdown" => "md",
        "text/html" => "html",
        "text/csv" => "csv",
        _ if body.format() == Format::Json => "json",
        _ => "txt",
    }
}

/// A JSON document with one member or entry in a line; every name and value as it was spelled.
fn laid_out(bytes: &[u8]) -> Option<Vec<u8>> {
    let document = Document::parse(bytes).ok()?;
    let mut out = String::new();
    write(&document, document.root(), 0, &mut out)?;
    out.push('\n');
    Some(out.into_bytes())
}

fn write(document: &Document, id: NodeId, depth: usize, out: &mut String) -> Option<()> {
    let kind = document.kind(id);
    let mut children = document.children(id).peekable();
    if depth > DEEPEST {
        return None;
    }
    if !kind.is_container() || children.peek().is_none() {
        out.push_str(document.text(id));
        return Some(());
    }
    let (open, close) = if kind == Kind::Object { ('{', '}') } else { ('[', ']') };
    out.push(open);
    let indent = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    };
    while let Some(child) = children.next() {
        indent(out, depth + 1);
        if kind == Kind::Object {
            out.push_str(document.name_text(child));
            out.push_str(": ");
        }
        write(document, child, depth + 1, out)?;
        if children.peek().is_some() {
            out.push(',');
        }
    }
    indent(out, depth);
    out.push(close);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_stays() {
        let laid_out = laid_out(br#"{"a":1.50,"a":"\u00e9","l":[1e2,{}],"o":{"x":null},"e":[]}"#).unwrap();
        let expected = "{\n  \"a\": 1.50,\n  \"a\": \"\\u00e9\",\n  \"l\": [\n    1e2,\n    {}\n  ],\n  \"o\": {\n    \"x\": null\n  },\n  \"e\": []\n}\n";
        assert_eq!(String::from_utf8(laid_out).unwrap(), expected);
    }

    #[test]
    fn endings_by_media_type() {
        for (media_type, expected) in [
            ("application/json", "json"),
            ("application/vnd.tool+json; charset=utf-8", "json"),
            ("text/vcard;version=4.0", "vcf"),
            ("text/calendar", "ics"),
            ("text/markdown", "md"),
            ("text/plain", "txt"),
        ] {
            assert_eq!(ending(&Body::new(*b"", media_type)), expected);
        }
    }
}
