//! What the properties of cards and calendars hold (RFC 6350 section 6, RFC 2426 section 3, RFC 5545 3.8, RFC 7986).

use crate::model::Format;

/// How the value of a property is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A text with escapes.
    Text,
    /// A word or address without escapes: a phone number, a URL, a rule.
    Word,
    /// A date or a time.
    Date,
    /// Named parts between semicolons, one value together.
    Parts(&'static [&'static str]),
    /// Texts between semicolons, one value together.
    Levels,
    /// Texts between commas, in any order; several lines are one set.
    Set,
    /// Dates between commas, in any order; several lines are one set.
    Dates,
    /// A picture, a sound, a key: shown as type, size and digest.
    Bytes,
    /// A calendar address: `mailto:` in any letter case.
    Address,
    /// Not known here: one value with its parameters, byte for byte.
    Opaque,
}

/// How often a property stands in one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Many {
    /// Once.
    Once,
    /// Any number, known by its value.
    Each,
    /// Mostly once: entries only if a version has several, or both sides added one.
    Mostly,
}

/// What is known about a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Property {
    pub(crate) shape: Shape,
    pub(crate) many: Many,
}

pub(crate) const NAME_PARTS: &[&str] = &["family", "given", "additional", "prefix", "suffix"];
pub(crate) const ADDRESS_PARTS: &[&str] =
    &["box", "extended", "street", "locality", "region", "code", "country"];

/// Left out of the comparison. What becomes of them: [`super::stamps`].
pub(crate) fn is_stamp(format: Format, name: &str) -> bool {
    match format {
        Format::Vcard => matches!(name, "REV" | "PRODID"),
        _ => matches!(
            name,
            "PRODID"
                | "DTSTAMP"
                | "LAST-MODIFIED"
                | "CREATED"
                | "SEQUENCE"
                | "ACKNOWLEDGED"
                | "X-MOZ-LASTACK"
                | "X-MOZ-GENERATION"
        ),
    }
}

/// Properties of one component that are one field together, and the name that field has.
pub(crate) fn group(component: &str, name: &str) -> Option<&'static str> {
    match (component, name) {
        ("VTODO", "STATUS" | "COMPLETED" | "PERCENT-COMPLETE") => Some("STATUS"),
        ("VTODO", "DTSTART" | "DUE" | "DURATION" | "RRULE" | "EXRULE") => Some("DUE"),
        (
            "VEVENT" | "VJOURNAL" | "VFREEBUSY",
            "DTSTART" | "DTEND" | "DUE" | "DURATION" | "RRULE" | "EXRULE",
        ) => Some("DTSTART"),
        _ => None,
    }
}

/// A property of a card, or of a component of a calendar.
pub(crate) fn property(format: Format, name: &str) -> Property {
    let (shape, many) = match format {
        Format::Vcard => card_property(name),
        _ => calendar_property(name),
    };
    Property { shape, many }
}

fn card_property(name: &str) -> (Shape, Many) {
    use Many::{Each, Mostly, Once};
    match name {
        "FN"
        | "KIND"
        | "GENDER"
        | "MAILER"
        | "VERSION"
        | "SORT-STRING"
        | "CLASS"
        | "NAME"
        | "X-PHONETIC-FIRST-NAME"
        | "X-PHONETIC-LAST-NAME"
        | "X-PHONETIC-ORG"
        | "X-MAIDENNAME"
        | "X-NICKNAME"
        | "X-DEPARTMENT" => (Shape::Text, Once),
        "UID" => (Shape::Word, Once),
        "N" => (Shape::Parts(NAME_PARTS), Once),
        "BDAY" | "ANNIVERSARY" | "DEATHDATE" | "X-ANNIVERSARY" | "X-EVOLUTION-ANNIVERSARY" => {
            (Shape::Date, Once)
        }
        "ADR" => (Shape::Parts(ADDRESS_PARTS), Each),
        "ORG" => (Shape::Levels, Mostly),
        "NOTE" | "TITLE" | "ROLE" | "X-ABRELATEDNAMES-NOTE" => (Shape::Text, Mostly),
        "TZ" | "GEO" => (Shape::Word, Mostly),
        "PHOTO" | "LOGO" | "SOUND" => (Shape::Bytes, Mostly),
        "KEY" => (Shape::Bytes, Each),
        "NICKNAME" | "CATEGORIES" => (Shape::Set, Once),
        "TEL" | "EMAIL" | "URL" | "IMPP" | "RELATED" | "LANG" | "MEMBER" | "SOURCE" | "FBURL" | "CALURI"
        | "CALADRURI" | "CLIENTPIDMAP" | "AGENT" | "SOCIALPROFILE" | "CONTACT-URI" => (Shape::Word, Each),
        "LABEL" | "EXPERTISE" | "HOBBY" | "INTEREST" | "ORG-DIRECTORY" => (Shape::Text, Each),
        "X-ABRELATEDNAMES" | "X-ABLABEL" | "X-ABADR" => (Shape::Text, Each),
        "X-ABDATE" => (Shape::Date, Each),
        "X-SOCIALPROFILE" | "X-AIM" | "X-ICQ" | "X-JABBER" | "X-MSN" | "X-YAHOO" | "X-SKYPE"
        | "X-SKYPE-USERNAME" | "X-GOOGLE-TALK" | "X-GADUGADU" | "X-GROUPWISE" | "X-QQ" | "X-TWITTER"
        | "X-MATRIX" | "X-TELEGRAM" | "X-SIGNAL" => (Shape::Word, Each),
        _ => (Shape::Opaque, Once),
    }
}

fn calendar_property(name: &str) -> (Shape, Many) {
    use Many::{Each, Once};
    match name {
        "SUMMARY" | "DESCRIPTION" | "LOCATION" | "CLASS" | "STATUS" | "TRANSP" | "ACTION" | "NAME"
        | "VERSION" | "METHOD" | "CALSCALE" | "X-WR-CALNAME" | "X-WR-CALDESC" | "X-WR-TIMEZONE" | "COLOR" => {
            (Shape::Text, Once)
        }
        "UID" | "URL" | "GEO" | "PRIORITY" | "PERCENT-COMPLETE" | "REPEAT" | "RRULE" | "EXRULE"
        | "REFRESH-INTERVAL" => (Shape::Word, Once),
        "DTSTART" | "DTEND" | "DUE" | "COMPLETED" | "RECURRENCE-ID" | "DURATION" => (Shape::Date, Once),
        "CATEGORIES" | "RESOURCES" => (Shape::Set, Once),
        "EXDATE" | "RDATE" => (Shape::Dates, Once),
        "ORGANIZER" => (Shape::Address, Once),
        "ATTENDEE" => (Shape::Address, Each),
        "COMMENT" | "CONTACT" => (Shape::Text, Each),
        "RELATED-TO" | "CONFERENCE" | "FREEBUSY" | "SOURCE" => (Shape::Word, Each),
        "ATTACH" | "IMAGE" => (Shape::Bytes, Each),
        _ => (Shape::Opaque, Once),
    }
}

/// Parameters that belong to the value: one without the other has no meaning.
pub(crate) fn is_coupled(name: &str) -> bool {
    matches!(name, "VALUE" | "ENCODING" | "TZID" | "CALSCALE" | "MEDIATYPE" | "FMTTYPE")
}

/// Parameters that say nothing, or are the server's.
pub(crate) fn is_idle(name: &str, value: &str) -> bool {
    match name {
        "CHARSET" => value.eq_ignore_ascii_case("utf-8"),
        "SCHEDULE-STATUS" => true,
        "ROLE" => value.eq_ignore_ascii_case("REQ-PARTICIPANT"),
        "CUTYPE" => value.eq_ignore_ascii_case("INDIVIDUAL"),
        "RSVP" => value.eq_ignore_ascii_case("FALSE"),
        _ => false,
    }
}

/// Parameters whose values are words in any letter case.
pub(crate) fn in_any_case(name: &str) -> bool {
    matches!(
        name,
        "PARTSTAT"
            | "ROLE"
            | "CUTYPE"
            | "RSVP"
            | "RANGE"
            | "RELATED"
            | "RELTYPE"
            | "VALUE"
            | "ENCODING"
            | "LANGUAGE"
    )
}
