//! Components that are known by what is in them: reminders, events without a UID, cards of one file.

use super::calendar::key_of;
use super::identity::clip;
use super::pair::{Candidate, Paired, pair};
use super::project::{Refusal, Versions, project};
use super::shown::{Below, Shown};
use super::value::Value;
use crate::content_line::Component;
use crate::model::Format;

/// Components of one kind, each with its position.
type Listed<'a> = Vec<(usize, &'a Component)>;

/// Adds those of all three versions to what is shown, each under one key.
fn add(
    format: Format,
    kind: &str,
    lists: [Listed<'_>; 3],
    candidate: fn(&Component) -> Result<Candidate, Refusal>,
    out: &mut [Shown; 3],
) -> Result<(), Refusal> {
    let mut candidates: [Vec<Candidate>; 3] = Default::default();
    for (own, list) in candidates.iter_mut().zip(&lists) {
        *own = list.iter().map(|(_, component)| candidate(component)).collect::<Result<_, _>>()?;
    }
    for Paired { key, found, uncertain } in pair(candidates.each_ref().map(Vec::as_slice)) {
        let mut sides = lists.iter().zip(found);
        let there: [Option<(usize, &Component)>; 3] =
            [(); 3].map(|()| sides.next().and_then(|(list, at)| list.get(at?).copied()));
        let shown = project(format, there.map(|there| there.map(|(_, component)| component)))?;
        for ((outer, shown), there) in out.iter_mut().zip(shown).zip(there) {
            outer.below.extend(there.map(|(at, _)| Below {
                kind: kind.to_owned(),
                key: key.clone(),
                at: Some(at),
                excluded: false,
                occurrence: None,
                uncertain,
                shown,
            }));
        }
    }
    Ok(())
}

/// Components of a calendar without a UID.
pub(super) fn unnamed(kind: &str, versions: Versions<'_>, out: &mut [Shown; 3]) -> Result<(), Refusal> {
    let lists = versions.map(|outer| -> Listed<'_> {
        let all = outer.into_iter().flat_map(|outer| outer.components.iter().enumerate());
        all.filter(|(_, inner)| inner.name == kind && key_of(inner).is_none()).collect()
    });
    add(Format::Icalendar, kind, lists, without_uid, out)
}

fn without_uid(component: &Component) -> Result<Candidate, Refusal> {
    let [shown, _, _] = project(Format::Icalendar, [Some(component), None, None])?;
    let part = |name: &str| {
        let value = shown.slot(name, None).map(|slot| &slot.value);
        value.and_then(Value::text).map(str::to_owned)
    };
    let words: Vec<String> = ["ACTION", "TRIGGER", "SUMMARY"].iter().filter_map(|name| part(name)).collect();
    let norm = if words.is_empty() { "entry".to_owned() } else { words.join(" ") };
    Ok(Candidate {
        norm,
        exact: shown.in_one_order(),
        class: part("ACTION").unwrap_or_default(),
        ..Candidate::default()
    })
}

/// Several cards in one file, each known by its UID, else by its name.
pub(super) fn cards(versions: Versions<'_>) -> Result<[Shown; 3], Refusal> {
    let lists = versions
        .map(|root| root.into_iter().flat_map(|root| root.components.iter().enumerate()).collect::<Vec<_>>());
    let mut out: [Shown; 3] = Default::default();
    add(Format::Vcard, "VCARD", lists, card, &mut out)?;
    for shown in &mut out {
        shown.below.sort_by_key(|below| below.at);
        shown.number();
    }
    Ok(out)
}

fn card(card: &Component) -> Result<Candidate, Refusal> {
    let [shown, _, _] = project(Format::Vcard, [Some(card), None, None])?;
    let uid = card.value("UID").map(str::trim).filter(|uid| !uid.is_empty());
    let words = uid.or_else(|| card.value("FN").map(str::trim)).unwrap_or("card");
    // Another UID is another card: nothing else makes two of them the same.
    let class = words.to_owned();
    Ok(Candidate { norm: clip(words), exact: shown.in_one_order(), class, ..Candidate::default() })
}
