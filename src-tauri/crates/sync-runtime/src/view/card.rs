//! Contacts and calendars in the window: their fields, named for people.

use super::lookup::Lookup;
use record_merge::{Format, Merge, Side};
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

/// What the card or the event is called.
pub(crate) fn title(body: &Body) -> Option<String> {
    is_card(body.format()).then(|| record_merge::title_of(&body.bytes)).flatten()
}
