//! L11: decisions made against one version of the server, and then it has another one, and another one.

use crate::draw::Draw;
use crate::given::{Three, decisions, same_value, three, words};
use crate::hold;
use crate::json::{changed, record, scripts};
use crate::kinds::Kind;
use crate::run::Verdict;
use crate::tidy::read;
use record_merge::{Choice, Decision, Merge, Path, resolve, review};

/// Where the server has what it had, a decision stays; where nothing changed at all, the outcome is the same.
fn stays(t: &Three, first: &Merge, decided: &[Decision], again: &str) -> Verdict {
    let (one, other) = (resolve(first, decided, None), first.result(decided));
    hold!(t, one == other, "nothing changed, and decisions resolve to {one:?}, not {other:?}");
    let second = t.of(Some(&t.base), Some(&t.mine), Some(again));
    for row in review(&second, decided, None) {
        let same = |decision: &&Decision| decision.part == row.row.part && decision.path.same(&row.row.path);
        let Some(decision) = decided.iter().find(same) else { continue };
        if !row.row.choices.contains(&decision.choice) || !row.row.with.is_empty() {
            continue;
        }
        let kept = same_value(decision.theirs_then.as_deref(), row.row.theirs.as_deref());
        let mine_kept = same_value(decision.mine_then.as_deref(), row.row.mine.as_deref());
        let server = decision.choice == Choice::Theirs;
        // where nothing of mine is left, "the server's" is what happens anyhow
        let nothing_of_mine = server && same_value(row.row.before.as_deref(), row.row.mine.as_deref());
        let acts = row.standing.acting().is_some();
        let wanted = (mine_kept || nothing_of_mine) && (kept || server);
        hold!(t, acts == wanted, "theirs is {again} now: {decision:?} stands as {:?}", row.standing);
    }
    Ok(())
}

/// Any JSON record, the same place changed again or another record altogether.
pub fn json_l11(d: &mut Draw) -> Verdict {
    let mut t = three(d);
    // else `{"a":null}` and `{"c":null}` are one record, and what changed could not be told here
    t.policy.null_is_missing = false;
    let first = t.merge();
    let decided = decisions(&first, d);
    let other = record(d).source(0);
    let again = if d.chance(64) { other } else { changed(read(&t.theirs), &scripts(d)).source(0) };
    stays(&t, &first, &decided, &again)
}

/// An edit on its way to the server: what it was made on, what it says, and what was decided on the way.
#[derive(Clone)]
struct Edit {
    base: String,
    mine: String,
    decided: Vec<Decision>,
}

impl Edit {
    /// Sent, and refused: the server has this now. Base is the version it was refused by, mine the outcome (M47), if
    /// nothing has to be decided; else what has to be.
    fn onto(&self, kind: Kind, theirs: &str, by_itself: bool) -> Result<Edit, Vec<Path>> {
        let m = kind.three(&self.base, &self.mine, theirs).merge();
        // without a person only what asks nobody is merged, and nothing decided is carried on (M21, M48)
        let decided = if by_itself { Vec::new() } else { self.decided.clone() };
        let looks: Vec<Path> =
            m.rows.iter().filter(|row| row.please_look).map(|row| row.path.clone()).collect();
        if by_itself && !looks.is_empty() {
            return Err(looks);
        }
        match resolve(&m, &decided, None) {
            Ok(merged) => Ok(Edit { base: theirs.to_owned(), mine: words(merged), decided }),
            Err(still) => {
                let mut open = still.open;
                open.sort();
                Err(open)
            }
        }
    }
}

/// The server has made a change of mine its own. Who sees that knows more than who does not: what comes after it is the
/// server's alone.
fn agreed(kind: Kind, before: &str, mine: &str, theirs: &str) -> bool {
    let [before, mine, theirs] = [before, mine, theirs].map(|source| kind.pieces(source));
    let both_added = mine.difference(&before).any(|piece| theirs.contains(piece));
    let both_removed = before.difference(&mine).any(|piece| !theirs.contains(piece));
    both_added || both_removed
}

/// Two rebases in a row equal one onto the last, if nothing was decided between: the same outcome or the same questions.
fn in_a_row(d: &mut Draw, kind: Kind) -> Verdict {
    let mut made = 0;
    let base = kind.record(d, &mut made);
    let mine = kind.edits(d, &base, &mut made, 5);
    let first = kind.edits(d, &base, &mut made, 5);
    let t = kind.three(&base, &mine, &first);
    let m = t.merge();
    let decided = kind.decisions(&m, d, &mut made);
    let again = kind.edits(d, &first, &mut made, 3);
    stays(&t, &m, &decided, &again)?;
    let Ok(result) = resolve(&m, &decided, None).map(words) else { return Ok(()) };
    let second = kind.edits(d, &first, &mut made, 2);
    let third = kind.edits(d, &second, &mut made, 2);
    if agreed(kind, &first, &result, &second) {
        return Ok(());
    }
    let edit = Edit { base: first.clone(), mine: result.clone(), decided };
    let by_itself = d.chance(64);
    // what has to be decided waits, and the edit stays what it was
    let between = edit.onto(kind, &second, by_itself).unwrap_or_else(|_| edit.clone());
    // a text without a line has no line ends: a change of them is forgotten there
    if kind == Kind::Text && (second.is_empty() || between.mine.is_empty()) {
        return Ok(());
    }
    let (two, one) = (between.onto(kind, &third, by_itself), edit.onto(kind, &third, by_itself));
    let asked = [&two, &one].map(|outcome| outcome.as_ref().err().cloned().unwrap_or_default());
    // never another answer; one question more or less only where entries are known by their value alone, as in L9
    let more = asked[0].iter().filter(|path| !asked[1].contains(path));
    let less = asked[1].iter().filter(|path| !asked[0].contains(path));
    let right = match (&two, &one) {
        (Ok(two), Ok(one)) => kind.same(&two.mine, &one.mine),
        _ => more.chain(less).all(|path| kind.by_value(path)),
    };
    let shown = |outcome: Result<Edit, Vec<Path>>| match outcome {
        Ok(edit) => edit.mine,
        Err(open) => format!("a question at {open:?}"),
    };
    hold!(
        t,
        right,
        "{:?}\nmade {result}\nthen the server has\n{second}\nand then\n{third}\none after the other comes to\n{}\nat once to\n{}",
        edit.decided,
        shown(two),
        shown(one)
    );
    Ok(())
}

pub fn json_in_a_row(d: &mut Draw) -> Verdict {
    in_a_row(d, Kind::Json)
}

pub fn lists_in_a_row(d: &mut Draw) -> Verdict {
    in_a_row(d, Kind::Lists)
}

pub fn text_in_a_row(d: &mut Draw) -> Verdict {
    in_a_row(d, Kind::Text)
}

pub fn vcard_in_a_row(d: &mut Draw) -> Verdict {
    in_a_row(d, Kind::Vcard)
}

pub fn calendar_in_a_row(d: &mut Draw) -> Verdict {
    in_a_row(d, Kind::Icalendar)
}
