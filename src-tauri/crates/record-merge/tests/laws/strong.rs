//! L7, L8, L9 and L12: what holds where it is known who touched what.

use crate::common::{ordered, plain};
use crate::draw::Draw;
use crate::given::{Three, decision, words};
use crate::hold;
use crate::run::Verdict;
use crate::tidy::{Edit, edit, edited, edits, read, record};
use record_merge::{ArrayMode, Choice, Format, Policy};

fn policy() -> Policy {
    let arrays = [("**/tags".to_owned(), ArrayMode::Set), ("**/pos".to_owned(), ArrayMode::Atomic)];
    Policy { arrays: arrays.into(), ..Policy::default() }
}

fn versions(base: &str, mine: &str, theirs: &str) -> Three {
    let [base, mine, theirs] = [base, mine, theirs].map(str::to_owned);
    Three { format: Format::Json, base, mine, theirs, policy: policy() }
}

/// L7: edits that do not meet never clash, and all of them are in the outcome. Some are made on both sides.
pub fn l7(d: &mut Draw) -> Verdict {
    let base = record(d, 2, true);
    let all = edits(d, &base, 8, true);
    let (mut here, mut there): (Vec<Edit>, Vec<Edit>) = (Vec::new(), Vec::new());
    for edit in &all {
        match d.below(5) {
            0 | 1 => here.push(edit.clone()),
            2 | 3 => there.push(edit.clone()),
            _ => {
                here.push(edit.clone());
                there.push(edit.clone());
            }
        }
    }
    let styles = [d.byte(), d.byte(), d.byte()];
    let (mine, theirs) = (edited(&base, &here).source(styles[1]), edited(&base, &there).source(styles[2]));
    let t = versions(&base.source(styles[0]), &mine, &theirs);
    let wanted = edited(&base, &all).source(0);
    let found = t.merge().result(&[]).map(words).map_err(|still| still.to_string());
    let right = found.as_ref().is_ok_and(|found| plain(found) == plain(&wanted));
    hold!(t, right, "edits that do not meet should give\n{wanted}\nnot {found:?}");
    Ok(())
}

/// L7 for lists in sequence and texts, where the order counts.
pub fn l7_order(d: &mut Draw) -> Verdict {
    let text = d.chance(128);
    let count = 5 + d.below(10);
    let part = |n: usize| if text { format!("line {n}\\n") } else { format!("\"step {n}\"") };
    let joined = |parts: &[String]| {
        if text {
            format!("{{\"x\":\"{}\"}}", parts.concat())
        } else {
            format!("{{\"x\":[{}]}}", parts.join(","))
        }
    };
    let base: Vec<String> = (0..count).map(part).collect();
    let (mut mine, mut theirs, mut both) = (Vec::new(), Vec::new(), Vec::new());
    let mut last = 0;
    for (at, old) in base.iter().enumerate() {
        // an edit, then at least one part that stays
        let act = if at > 0 && last + 2 > at { 0 } else { d.below(6) };
        last = if act > 0 { at } else { last };
        let new = part(100 + at);
        let new = match act {
            1 | 2 => vec![new],
            3 | 4 => vec![old.clone(), new],
            5 => vec![],
            _ => vec![old.clone()],
        };
        let side = if act == 0 { 0 } else { d.below(3) };
        mine.extend(if side == 1 { vec![old.clone()] } else { new.clone() });
        theirs.extend(if side == 0 { vec![old.clone()] } else { new.clone() });
        both.extend(new);
    }
    let t = versions(&joined(&base), &joined(&mine), &joined(&theirs));
    let wanted = joined(&both);
    let found = t.merge().result(&[]).map(words).map_err(|still| still.to_string());
    let right = found.as_ref().is_ok_and(|found| ordered(found) == ordered(&wanted));
    hold!(t, right, "edits with something common between should give\n{wanted}\nnot {found:?}");
    Ok(())
}

/// L8: an edit elsewhere neither adds a question nor removes or changes one.
pub fn l8(d: &mut Draw) -> Verdict {
    let base = record(d, 2, true);
    let (here, there) = (edits(d, &base, 5, true), edits(d, &base, 5, true));
    let Some(more) = edit(d, &base, true) else { return Ok(()) };
    if !here.iter().chain(&there).all(|other| more.apart(other)) {
        return Ok(());
    }
    let also = |edits: &[Edit], side: bool| {
        let mut edits = edits.to_vec();
        if side {
            edits.push(more.clone());
        }
        edited(&base, &edits).source(0)
    };
    let side = d.below(3);
    let without = versions(&base.source(0), &also(&here, false), &also(&there, false));
    let with = versions(&base.source(0), &also(&here, side != 1), &also(&there, side != 0));
    let asked = |t: &Three| {
        let m = t.merge();
        let row = |row: &record_merge::Row| format!("{} {:?}", row.path.to_pointer(), row.kind);
        let mut asked: Vec<String> = m.open().map(row).collect();
        asked.sort();
        asked
    };
    let (before, after) = (asked(&without), asked(&with));
    hold!(with, before == after, "{more:?} elsewhere: the questions were {before:?}, now {after:?}");
    Ok(())
}

/// L9: what was merged once merges into itself. Lists in sequence and texts excepted: there "replaced" and "removed, and
/// something put in" look the same afterwards.
pub fn l9(d: &mut Draw) -> Verdict {
    let base = record(d, 2, false);
    let (here, there) = (edits(d, &base, 5, false), edits(d, &base, 5, false));
    let styles = [d.byte(), d.byte(), d.byte()];
    let (b, m) = (base.source(styles[0]), edited(&base, &here).source(styles[1]));
    let theirs = edited(&base, &there).source(styles[2]);
    let t = versions(&b, &m, &theirs);
    let Ok(result) = t.merge().result(&[]).map(words) else { return Ok(()) };
    let other = edited(&read(&result), &edits(d, &base, 3, false)).source(0);
    for (what, base, mine, theirs, wanted) in [
        ("(base, result, theirs)", &b, &result, &theirs, &result),
        ("(base, mine, result)", &b, &m, &result, &result),
        ("(theirs, result, theirs)", &theirs, &result, &theirs, &result),
        ("(result, result, something new)", &result, &result, &other, &other),
    ] {
        let again = versions(base, mine, theirs).merge().result(&[]).map(words).map_err(|e| e.to_string());
        let right = again.as_ref().is_ok_and(|again| plain(again) == plain(wanted));
        hold!(t, right, "merged to {result}\n{what} gives {again:?}");
    }
    Ok(())
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
pub fn l12(d: &mut Draw) -> Verdict {
    let first = record(d, 1, true).source(0);
    let mut server = first.clone();
    let client = || Client { base: first.clone(), local: first.clone(), seen: None };
    let mut clients = [client(), client()];
    let (mut edited_times, mut writes) = ([0; 2], [0; 2]);
    for _ in 0..2 + d.below(10) {
        let at = d.below(2);
        match d.below(3) {
            0 => {
                let tree = read(&clients[at].local);
                if let Some(edit) = edit(d, &tree, true) {
                    let new = edited(&tree, &[edit]).source(0);
                    if plain(&new) != plain(&clients[at].local) {
                        clients[at].local = new;
                        edited_times[at] += 1;
                    }
                }
            }
            1 => fetch(d, &mut clients[at], &server)?,
            _ => writes[at] += send(&mut clients[at], &mut server),
        }
    }
    for _ in 0..3 {
        for (at, client) in clients.iter_mut().enumerate() {
            fetch(d, client, &server)?;
            writes[at] += send(client, &mut server);
        }
    }
    let t = versions(&first, &clients[0].local, &clients[1].local);
    let same = clients.iter().all(|client| plain(&client.local) == plain(&server));
    hold!(t, same, "the clients did not come together; the server has {server}");
    let bounded = (0..2).all(|at| writes[at] <= edited_times[at]);
    hold!(t, bounded, "edited {edited_times:?} times, and written {writes:?} times");
    Ok(())
}

fn fetch(d: &mut Draw, client: &mut Client, server: &str) -> Verdict {
    if client.seen.as_deref() == Some(server) || client.base == server {
        return Ok(());
    }
    // refused again: the version merged against is the base now (M47)
    let base = client.seen.take().unwrap_or_else(|| client.base.clone());
    let t = versions(&base, &client.local, server);
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
fn send(client: &mut Client, server: &mut String) -> u32 {
    let seen = client.seen.as_ref().unwrap_or(&client.base);
    if seen != server || plain(&client.local) == plain(server) {
        return 0;
    }
    *server = client.local.clone();
    client.base = client.local.clone();
    client.seen = None;
    1
}
