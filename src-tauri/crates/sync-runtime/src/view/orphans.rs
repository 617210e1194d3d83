//! Earlier choices whose row is gone: the server's text is cut otherwise now, or an entry is not there any more.
//!
//! They decide nothing, and do not count as open. What was typed is shown, so that nobody has to write it again.

use super::ViewContext;
use super::merge_state::MergeState;
use super::place::Place;
use super::row_state::ipc_choice;
use super::value::value;
use ipc_types::OrphanChoice;
use record_merge::{Choice, Decision};

pub(crate) fn orphans(ctx: &ViewContext<'_>, state: &MergeState<'_>) -> Vec<OrphanChoice> {
    let all = state.merge.unused(&state.conflict.decisions);
    let is_last = |at: usize, decision: &Decision| {
        !all.iter().skip(at + 1).any(|other| other.part == decision.part && other.path.same(&decision.path))
    };
    let shown = |(at, decision): (usize, &Decision)| {
        // Where both sides agree now, the choice of a side has nothing to say any more; text of one's own always has.
        let told = decision.choice == Choice::Edit || decision.part.is_some();
        (told && decision.choice != Choice::Later && is_last(at, decision))
            .then(|| orphan(ctx, state, decision))
    };
    all.iter().enumerate().filter_map(shown).collect()
}

fn orphan(ctx: &ViewContext<'_>, state: &MergeState<'_>, decision: &Decision) -> OrphanChoice {
    let lexeme = match decision.choice {
        Choice::Edit => &decision.value,
        Choice::Mine => &decision.mine_then,
        Choice::Theirs => &decision.theirs_then,
        Choice::Both | Choice::Later => &None,
    };
    OrphanChoice {
        label: Place::in_format(state.merge.format(), &decision.path, ctx.schema, &[]).full(),
        part: decision.part.is_some(),
        choice: ipc_choice(decision.choice),
        value: lexeme.as_deref().map(|lexeme| value(Some(lexeme))),
    }
}
