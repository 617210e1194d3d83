//! Contacts and calendars in the window: their fields, named for people.

use super::lookup::Lookup;
use record_merge::json::NodeId;
use record_merge::{Format, Merge, Path, Side, Token};
use sync_engine::Body;

/// The body is a card or a calendar.
pub(crate) fn is_card(format: Format) -> bool {
    matches!(format, Format::Vcard | Format::Icalendar)
}

/// Three versions as fields, entries at the same places in all of them; `None` if they are no cards, or cannot be taken
/// apart.
pub(crate) fn together(body: Option<&Body>, versions: [Option<&[u8]>; 3]) -> Option<[Option<Lookup>; 3]> {
    let format = body?.format();
    let documents = record_merge::fields_together(format, versions)?;
    Some(documents.map(|document| document.map(|document| Lookup::new(document, format))))
}

/// Theirs, mine and before of a merge of cards, as its rows see them.
pub(crate) fn versions(merge: &Merge) -> Option<[Option<Lookup>; 3]> {
    let format = Some(merge.format()).filter(|format| is_card(*format))?;
    let side = |side| merge.fields(side).map(|document| Lookup::new(document.clone(), format));
    Some([Side::Theirs, Side::Mine, Side::Base].map(side))
}

/// The fields of a card, for the search; `None` if it is none, or broken.
pub(crate) fn fields(body: &Body) -> Option<record_merge::json::Document> {
    let format = Some(body.format()).filter(|format| is_card(*format))?;
    record_merge::fields(format, &body.bytes).ok()
}

/// Entries of one property that are told apart by words; of more than that people look for the value.
const FEW: usize = 40;

/// What people call an entry of a contact: its label or its type ("mobile"), in the first version that has it; `None` if
/// it has none, or another entry is called the same.
pub(crate) fn word_of(entry: &Path, versions: &[&Lookup]) -> Option<String> {
    let (key, list) = entry.0.split_last()?;
    let list = Path(list.to_vec());
    let lists: Vec<(&Lookup, NodeId)> =
        versions.iter().filter_map(|lookup| Some((*lookup, lookup.at(&list)?))).collect();
    let own =
        lists.iter().find_map(|(lookup, list)| lookup.step(*list, key).map(|id| word(lookup, id)))??;
    let is_other = |name: &String| !matches!(key, Token::Member(key) if key == name);
    let alone = lists.iter().all(|(lookup, list)| {
        let entries = lookup.names(*list);
        let mut others = entries.iter().filter(|(name, _)| is_other(name));
        entries.len() <= FEW && !others.any(|(_, id)| word(lookup, *id).as_ref() == Some(&own))
    });
    alone.then_some(own)
}

/// The label of an entry, else the first of its types that says something to people.
fn word(lookup: &Lookup, entry: NodeId) -> Option<String> {
    let document = lookup.document();
    let text = |id: NodeId| document.string(id).map(std::borrow::Cow::into_owned);
    if let Some(label) = document.member(entry, "label").and_then(text) {
        return Some(super::card_form::bare_label(&label).to_owned());
    }
    let types = document.member(entry, "type").into_iter().flat_map(|id| document.children(id));
    types.filter_map(text).find_map(|word| {
        let known = super::card_form::TYPES.contains(&word.as_str());
        known.then(|| if word == "cell" { "mobile".to_owned() } else { word })
    })
}

/// What the card or the event is called.
pub(crate) fn title(body: &Body) -> Option<String> {
    is_card(body.format()).then(|| record_merge::title_of(&body.bytes)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_called_by_what_tells_them_apart() {
        let card = |lines: &str| {
            let text = format!("BEGIN:VCARD\nVERSION:3.0\nFN:Anna\n{lines}END:VCARD\n");
            Lookup::new(record_merge::fields(Format::Vcard, text.as_bytes()).unwrap(), Format::Vcard)
        };
        let theirs = card(
            "TEL;TYPE=CELL,VOICE,pref:1\nTEL;TYPE=work:2\nitem1.TEL:3\nitem1.X-ABLabel:Boat\nTEL:4\n\
             EMAIL;TYPE=home:a@x\nEMAIL;TYPE=home:b@x\n",
        );
        let mine = card("TEL;TYPE=work:5\nTEL;TYPE=fax:6\n");
        for (path, word) in [
            ("/TEL/1", Some("mobile")),
            ("/TEL/3", Some("Boat")),
            ("/TEL/4", None),
            // another one is called the same
            ("/TEL/2", None),
            ("/EMAIL/a@x", None),
            // only in the other version
            ("/TEL/6", Some("fax")),
            ("/TEL/7", None),
            ("/URL/x", None),
        ] {
            let path = Path::from_pointer(path).unwrap();
            assert_eq!(word_of(&path, &[&theirs, &mine]).as_deref(), word, "{path:?}");
        }
    }
}
