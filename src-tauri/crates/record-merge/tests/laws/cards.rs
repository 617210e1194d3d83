//! The laws for contacts and calendars: every property has a place of its own, so what must come out is known.

use crate::basic;
use crate::choices;
use crate::common::sorted;
use crate::draw::Draw;
use crate::given::{Three, words};
use crate::hold;
use crate::run::Verdict;
use record_merge::{Format, Policy};
use std::collections::{BTreeMap, BTreeSet};

/// Properties by a key that says which one it is; `#` stands for what changes.
const CARD: &[(&str, &str)] = &[
    ("SORT-STRING", "SORT-STRING:Person #"),
    ("N", "N:Family#;Given;;;"),
    ("BDAY", "BDAY:19800101T00000#Z"),
    ("GENDER", "GENDER:F;#"),
    ("X-A", "X-A;X-P=\"a;b\":any # \\, thing"),
    ("X-B", "X-B:#"),
    ("TEL home", "TEL;TYPE=home:+351 91#"),
    ("TEL work", "TEL;TYPE=work:+351 92#"),
    ("TEL cell", "TEL;TYPE=cell:+351 93#"),
    ("EMAIL home", "EMAIL;TYPE=home:h#@example.org"),
    ("EMAIL work", "EMAIL;TYPE=work:w#@example.org"),
    ("ADR home", "ADR;TYPE=home:;;Street #;Porto;;4000;"),
    ("URL home", "URL;TYPE=home:http://example.org/#"),
];
const CARD_STAYS: &[&str] = &[
    // Not one of those that change: the name as it is shown and its parts are one choice.
    "FN:Person",
    "TEL;TYPE=pager:+351 1",
    "EMAIL;TYPE=x-main:main@example.org",
    "ADR;TYPE=postal:;;Box 1;Gaia;;4400;",
    "URL;TYPE=x-main:http://example.org",
];
const EVENT: &[(&str, &str)] = &[
    ("SUMMARY", "SUMMARY:Talk #\\, long"),
    ("LOCATION", "LOCATION:Room #"),
    ("DESCRIPTION", "DESCRIPTION:About #"),
    ("TIME", "DTSTART:20261124T09000#Z\nDTEND:20261124T10000#Z"),
    ("CLASS", "CLASS:X-#"),
    ("URL", "URL:http://example.org/#"),
    ("X-A", "X-A;X-P=\"a;b\":any # thing"),
    ("ATTENDEE a", "ATTENDEE;CN=A #:mailto:a@example.org"),
    ("ATTENDEE b", "ATTENDEE;CN=B #:mailto:b@example.org"),
];
const EVENT_STAYS: &[&str] = &["ATTENDEE:mailto:main@example.org", "ORGANIZER:mailto:main@example.org"];

/// Properties of one component by key.
pub type Part = BTreeMap<String, String>;

fn pool(format: Format) -> &'static [(&'static str, &'static str)] {
    if format == Format::Vcard { CARD } else { EVENT }
}

fn property(d: &mut Draw, format: Format) -> (String, String) {
    let (key, line) = pool(format)[d.below(pool(format).len())];
    (key.to_owned(), line.replace('#', &d.below(10).to_string()))
}

fn parts(d: &mut Draw, format: Format) -> Vec<Part> {
    let count = if format == Format::Vcard { 1 } else { 1 + d.below(3) };
    (0..count).map(|_| (0..2 + d.below(8)).map(|_| property(d, format)).collect()).collect()
}

/// Changes by place: `None` takes the property away.
pub type Edits = BTreeMap<(usize, String), Option<String>>;

fn edits(d: &mut Draw, format: Format, count: usize) -> Edits {
    let mut edits = Edits::new();
    for _ in 0..d.below(5) {
        let (place, line) = change(d, format, count);
        edits.insert(place, line);
    }
    edits
}

/// One change and its place.
pub fn change(d: &mut Draw, format: Format, count: usize) -> ((usize, String), Option<String>) {
    let at = d.below(count);
    let (key, line) = property(d, format);
    // a time is changed, never taken away: an event without one is no event
    let line = if d.chance(64) && key != "TIME" { None } else { Some(line) };
    ((at, key), line)
}

pub fn edited(parts: &[Part], edits: &[&Edits]) -> Vec<Part> {
    let mut parts = parts.to_vec();
    for ((at, key), line) in edits.iter().flat_map(|edits| edits.iter()) {
        match line {
            Some(line) => drop(parts[*at].insert(key.clone(), line.clone())),
            None => drop(parts[*at].remove(key)),
        }
    }
    parts
}

/// How a file is written: line ends, where lines are folded, in which order they stand.
#[derive(Clone, Copy, Default)]
pub struct Style {
    unix: bool,
    fold: usize,
    turned: bool,
    stamp: usize,
}

fn style(d: &mut Draw) -> Style {
    Style { unix: false, fold: [0, 12, 20, 75][d.below(4)], turned: d.chance(96), stamp: d.below(9) }
}

pub fn written(format: Format, parts: &[Part], style: Style) -> String {
    let mut all: Vec<String> = Vec::new();
    let vcard = format == Format::Vcard;
    if !vcard {
        all.extend(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN"].map(str::to_owned));
    }
    for (at, part) in parts.iter().enumerate() {
        if vcard {
            all.extend(["BEGIN:VCARD".to_owned(), "VERSION:4.0".to_owned(), "UID:u1".to_owned()]);
            all.push(format!("REV:2026010{}T000000Z", style.stamp));
        } else {
            all.extend(["BEGIN:VEVENT".to_owned(), format!("UID:e{at}")]);
            all.push(format!("DTSTAMP:2026010{}T000000Z", style.stamp));
        }
        let stays = if vcard { CARD_STAYS } else { EVENT_STAYS };
        let mut lines: Vec<String> =
            part.values().flat_map(|line| line.split('\n')).map(str::to_owned).collect();
        lines.extend(stays.iter().map(|line| (*line).to_owned()));
        if style.turned {
            lines.reverse();
        }
        all.extend(lines);
        all.push(if vcard { "END:VCARD" } else { "END:VEVENT" }.to_owned());
    }
    if !vcard {
        all.push("END:VCALENDAR".to_owned());
    }
    let end = if style.unix { "\n" } else { "\r\n" };
    all.iter().map(|line| folded(line, style.fold, end) + end).collect()
}

fn folded(line: &str, width: usize, end: &str) -> String {
    if width == 0 || line.starts_with("BEGIN") || line.starts_with("END") {
        return line.to_owned();
    }
    let chars: Vec<char> = line.chars().collect();
    let pieces: Vec<String> = chars.chunks(width).map(|piece| piece.iter().collect()).collect();
    pieces.join(&format!("{end} "))
}

/// The lines of a file, unfolded, without stamps, each with the component it stands in.
pub fn seen(text: &str) -> Vec<String> {
    let unfolded = text.replace("\r\n", "\n").replace("\n ", "");
    let mut inside = String::new();
    let mut all = Vec::new();
    for line in unfolded.lines().filter(|line| !line.starts_with("REV:") && !line.starts_with("DTSTAMP:")) {
        if let Some(uid) = line.strip_prefix("UID:") {
            inside = uid.to_owned();
        }
        all.push(format!("{inside} {line}"));
    }
    sorted(all)
}

/// Properties that stand there several times and have nothing but their value: by the start of the line.
const BY_VALUE: &[[&str; 2]] = &[["TEL:+351 94", "COMMENT:c"], ["X-R:r", "X-R:r"]];

/// A record to be edited again and again.
pub fn document(d: &mut Draw, format: Format) -> String {
    let mut source = written(format, &parts(d, format), style(d));
    for _ in 0..d.below(4) {
        source = document_edited(d, format, &source);
    }
    source
}

/// The record with one property more, less or changed.
pub fn document_edited(d: &mut Draw, format: Format, source: &str) -> String {
    let plain = source.replace("\r\n ", "");
    let mut lines: Vec<String> = plain.lines().map(str::to_owned).collect();
    let starts: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].starts_with("UID:")).collect();
    let start = starts[d.below(starts.len())];
    let ((_, key), mut new) = change(d, format, 1);
    let pool = pool(format).iter().find(|(known, _)| *known == key).map_or("", |(_, line)| line);
    let mut heads: Vec<String> =
        pool.split('\n').map(|line| line.split('#').next().unwrap_or_default().to_owned()).collect();
    if d.chance(96) {
        let name = BY_VALUE[d.below(2)][usize::from(format == Format::Icalendar)];
        heads = vec![format!("{name}{}", d.below(4))];
        new = (!d.chance(64)).then(|| format!("{}{}", heads[0], d.below(10)));
    }
    let end = (start..lines.len()).find(|at| lines[*at].starts_with("END:")).unwrap_or(lines.len());
    let mut inside: Vec<String> = lines.drain(start..end).collect();
    let at = inside.iter().position(|line| heads.iter().any(|head| line.starts_with(head)));
    inside.retain(|line| !heads.iter().any(|head| line.starts_with(head)));
    let at = at.unwrap_or(inside.len());
    inside.splice(at..at, new.iter().flat_map(|new| new.split('\n')).map(str::to_owned));
    lines.splice(start..start, inside);
    lines.iter().map(|line| format!("{line}\r\n")).collect()
}

pub struct Given {
    pub base: Vec<Part>,
    pub here: Edits,
    pub there: Edits,
    styles: [Style; 3],
    pub three: Three,
}

pub fn given(d: &mut Draw, format: Format) -> Given {
    let base = parts(d, format);
    let (here, there) = (edits(d, format, base.len()), edits(d, format, base.len()));
    let styles = [style(d), style(d), style(d)];
    let three = Three {
        format,
        base: written(format, &base, styles[0]),
        mine: written(format, &edited(&base, &[&here]), styles[1]),
        theirs: written(format, &edited(&base, &[&there]), styles[2]),
        policy: Policy::default(),
    };
    Given { base, here, there, styles, three }
}

/// L5, L6, L7 and L10: the outcome for each side is the base with both sides' edits, that side's last.
fn whole(d: &mut Draw, format: Format) -> Verdict {
    let Given { base, here, there, three: t, .. } = given(d, format);
    let before = |place: &(usize, String)| base[place.0].get(&place.1);
    let changes = |edits: &Edits, place: &(usize, String)| {
        edits.get(place).is_some_and(|line| line.as_ref() != before(place))
    };
    let places: BTreeSet<&(usize, String)> = here.keys().chain(there.keys()).collect();
    let clash = |place: &&&(usize, String)| {
        changes(&here, place) && changes(&there, place) && here[**place] != there[**place]
    };
    let clashes: Vec<_> = places.iter().filter(clash).collect();
    // two entries added to a list are no clash: both stay; what then stands there twice is not told apart here
    if clashes.iter().any(|place| before(place).is_none() && place.1.contains(' ')) {
        return Ok(());
    }
    let only = |edits: &Edits| -> Edits {
        edits.iter().filter(|(place, _)| changes(edits, place)).map(|(p, l)| (p.clone(), l.clone())).collect()
    };
    let (here, there) = (only(&here), only(&there));
    let m = t.merge();
    let asked: Vec<String> =
        m.open().map(|row| format!("{} {:?}", row.path.to_pointer(), row.kind)).collect();
    hold!(t, asked.len() == clashes.len(), "{clashes:?} clash, and the questions are {asked:?}");
    for (all, edits) in [(m.all_mine(), [&there, &here]), (m.all_theirs(), [&here, &there])] {
        let (found, wanted) = (words(all), written(format, &edited(&base, &edits), Style::default()));
        hold!(t, seen(&found) == seen(&wanted), "should be\n{wanted}\nbut is\n{found}");
    }
    choices::one_side(&t)
}

/// L1 to L4.
fn weak(d: &mut Draw, format: Format) -> Verdict {
    let Given { base, here, styles, three: t, .. } = given(d, format);
    basic::l1(&t)?;
    let one = t.of(Some(&t.base), Some(&t.base), Some(&t.theirs)).result(&[]).map(words);
    hold!(t, one.as_ref() == Ok(&t.theirs), "only theirs changed, and it became {one:?}");
    let one = t.of(Some(&t.base), Some(&t.mine), Some(&t.base)).result(&[]).map(words);
    hold!(
        t,
        one.as_ref().is_ok_and(|found| seen(found) == seen(&t.mine)),
        "only mine changed, and it became {one:?}"
    );
    basic::l4(&t, |a, b| seen(a) == seen(b))?;
    // both say the same in another order, folded elsewhere, at another time
    let again = Style { turned: !styles[1].turned, ..styles[2] };
    let theirs = written(format, &edited(&base, &[&here]), again);
    let same = Three { theirs: theirs.clone(), ..t };
    let m = same.merge();
    hold!(same, m.rows.is_empty(), "only the spelling differs, and there are rows {:?}", m.rows);
    let found = m.result(&[]).map(words);
    hold!(
        same,
        found.is_ok_and(|found| seen(&found) == seen(&theirs)),
        "only the spelling differs, and it is another"
    );
    Ok(())
}

/// L13: lines that only the server has, or nobody touched, keep the bytes of the server, folds and all.
fn fidelity(d: &mut Draw, format: Format) -> Verdict {
    let Given { base, here, there, styles, three: t } = given(d, format);
    let merged = words(t.merge().all_theirs());
    let theirs = edited(&base, &[&there]);
    let end = "\r\n";
    let untouched = theirs.iter().enumerate().flat_map(|(at, part)| {
        part.iter()
            .filter(|(key, _)| !here.contains_key(&(at, (*key).clone())))
            .map(|(_, line)| line)
            .collect::<Vec<_>>()
    });
    let stays = if format == Format::Vcard { CARD_STAYS } else { EVENT_STAYS };
    for line in untouched.flat_map(|line| line.split('\n')).chain(stays.iter().copied()) {
        let bytes = format!("{}{end}", folded(line, styles[2].fold, end));
        hold!(t, merged.contains(&bytes), "{bytes:?} is not in\n{merged}");
    }
    Ok(())
}

pub fn vcard_weak(d: &mut Draw) -> Verdict {
    weak(d, Format::Vcard)
}

pub fn vcard_whole(d: &mut Draw) -> Verdict {
    whole(d, Format::Vcard)
}

pub fn vcard_fidelity(d: &mut Draw) -> Verdict {
    fidelity(d, Format::Vcard)
}

pub fn calendar_weak(d: &mut Draw) -> Verdict {
    weak(d, Format::Icalendar)
}

pub fn calendar_whole(d: &mut Draw) -> Verdict {
    whole(d, Format::Icalendar)
}

pub fn calendar_fidelity(d: &mut Draw) -> Verdict {
    fidelity(d, Format::Icalendar)
}
