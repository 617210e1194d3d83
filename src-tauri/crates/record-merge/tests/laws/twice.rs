//! L9 and L12: what was merged is merged again.

use crate::draw::Draw;
use crate::given::{Three, decision, words};
use crate::hold;
use crate::kinds::Kind;
use crate::run::Verdict;
use record_merge::Choice;

/// L9: what was merged once merges into itself. One thing only is left to a person: where entries are known by nothing
/// but their value (lists in sequence, properties of cards that stand there several times), "replaced" and "removed, and
/// another put in" look the same afterwards. A second merge may ask there, and only there, and whatever it does not ask
/// about is right; it never has another answer. How seldom it asks is in `reach.rs`.
fn l9(d: &mut Draw, kind: Kind) -> Verdict {
    asked_again(d, kind).map(|_| ())
}

/// Checks L9; says whether there was a second merge at all, and how many of the two asked.
pub fn asked_again(d: &mut Draw, kind: Kind) -> Result<Option<u32>, String> {
    let mut made = 0;
    let base = kind.record(d, &mut made);
    let mine = kind.edits(d, &base, &mut made, 5);
    let theirs = kind.edits(d, &base, &mut made, 5);
    let t = kind.three(&base, &mine, &theirs);
    let Ok(result) = t.merge().result(&[]).map(words) else { return Ok(None) };
    let other = kind.edits(d, &result, &mut made, 3);
    let mut asked = 0;
    for (what, base, mine, theirs, wanted, may_ask) in [
        ("(base, result, theirs)", &base, &result, &theirs, &result, true),
        ("(base, mine, result)", &base, &mine, &result, &result, true),
        ("(theirs, result, theirs)", &theirs, &result, &theirs, &result, false),
        ("(result, result, something new)", &result, &result, &other, &other, false),
    ] {
        let again = kind.three(base, mine, theirs).merge();
        let open: Vec<String> = again.open().map(|row| format!("{row:?}")).collect();
        let excused = may_ask && again.open().all(|row| kind.by_value(&row.path));
        hold!(t, open.is_empty() || excused, "merged to {result}\n{what} asks {open:?}");
        // asked or not: the answer is there, on the side of what was merged
        let side = if mine == &result { again.all_mine() } else { again.all_theirs() };
        let found = words(side);
        hold!(t, kind.same(&found, wanted), "merged to {result}\n{what} gives {found}");
        asked += u32::from(!open.is_empty());
    }
    Ok(Some(asked))
}

/// One client of L12.
struct Client {
    base: String,
    local: String,
    /// Merged against this version of the server, and not sent yet.
    seen: Option<String>,
}

/// L12: two clients write through a server until nothing changes. Both end with the same record, and nobody writes more
/// often than it edited.
fn l12(d: &mut Draw, kind: Kind) -> Verdict {
    let mut made = 0;
    let first = kind.record(d, &mut made);
    let mut server = first.clone();
    let client = || Client { base: first.clone(), local: first.clone(), seen: None };
    let mut clients = [client(), client()];
    let (mut edited_times, mut writes) = ([0; 2], [0; 2]);
    for _ in 0..2 + d.below(10) {
        let at = d.below(2);
        match d.below(3) {
            0 => {
                let new = kind.edit(d, &clients[at].local, &mut made);
                if !kind.same(&new, &clients[at].local) {
                    clients[at].local = new;
                    edited_times[at] += 1;
                }
            }
            1 => fetch(d, kind, &mut clients[at], &server)?,
            _ => writes[at] += send(kind, &mut clients[at], &mut server),
        }
    }
    for _ in 0..3 {
        for (at, client) in clients.iter_mut().enumerate() {
            fetch(d, kind, client, &server)?;
            writes[at] += send(kind, client, &mut server);
        }
    }
    let t = kind.three(&first, &clients[0].local, &clients[1].local);
    let same = clients.iter().all(|client| kind.same(&client.local, &server));
    hold!(t, same, "the clients did not come together; the server has {server}");
    let bounded = (0..2).all(|at| writes[at] <= edited_times[at]);
    hold!(t, bounded, "edited {edited_times:?} times, and written {writes:?} times");
    Ok(())
}

fn fetch(d: &mut Draw, kind: Kind, client: &mut Client, server: &str) -> Verdict {
    if client.seen.as_deref() == Some(server) || client.base == server {
        return Ok(());
    }
    // refused again: the version merged against is the base now (M47)
    let base = client.seen.take().unwrap_or_else(|| client.base.clone());
    let t: Three = kind.three(&base, &client.local, server);
    let m = t.merge();
    let side = if d.chance(128) { Choice::Mine } else { Choice::Theirs };
    let decided: Vec<_> = m.open().map(|row| decision(&m, &row.path, row.part, side, None)).collect();
    let result = m.result(&decided).map(words);
    hold!(t, result.is_ok(), "all is decided, and still open: {result:?}");
    client.local = result.unwrap_or_default();
    client.base = server.to_owned();
    client.seen = Some(server.to_owned());
    Ok(())
}

/// With the precondition that the server has what the client saw; the number of writes that went through.
fn send(kind: Kind, client: &mut Client, server: &mut String) -> u32 {
    let seen = client.seen.as_ref().unwrap_or(&client.base);
    if seen != server || kind.same(&client.local, server) {
        return 0;
    }
    *server = client.local.clone();
    client.base = client.local.clone();
    client.seen = None;
    1
}

pub fn json_l9(d: &mut Draw) -> Verdict {
    l9(d, Kind::Json)
}

pub fn lists_l9(d: &mut Draw) -> Verdict {
    l9(d, Kind::Lists)
}

pub fn text_l9(d: &mut Draw) -> Verdict {
    l9(d, Kind::Text)
}

pub fn vcard_l9(d: &mut Draw) -> Verdict {
    l9(d, Kind::Vcard)
}

pub fn calendar_l9(d: &mut Draw) -> Verdict {
    l9(d, Kind::Icalendar)
}

pub fn json_l12(d: &mut Draw) -> Verdict {
    l12(d, Kind::Lists)
}

pub fn text_l12(d: &mut Draw) -> Verdict {
    l12(d, Kind::Text)
}

pub fn vcard_l12(d: &mut Draw) -> Verdict {
    l12(d, Kind::Vcard)
}

pub fn calendar_l12(d: &mut Draw) -> Verdict {
    l12(d, Kind::Icalendar)
}
