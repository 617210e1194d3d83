//! Any record that fits a state.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use record_merge::{Choice, Decision, Path, Token};
use sync_engine::{
    Base, Body, Change, Conflict, ConflictKind, Edit, Fate, Hash, IdempotencyKey, InFlight, LocalKey,
    Pointed, Record, Refusal, RefusalKind, RemoteId, Rev, RowNumber, RunId, Sent, Seq, SourceId, Theirs,
    TheirsSeen, Timestamp, Validator, Version, WaitReason,
};

fn body() -> BoxedStrategy<Body> {
    let media = prop_oneof![Just("application/json"), Just("text/plain; charset=utf-8"), Just("image/png")];
    // Few bodies, so that the same one comes again.
    let bytes =
        prop_oneof![vec(any::<u8>(), 0..20), (0..4_u8).prop_map(|n| format!("{{\"n\":{n}}}").into_bytes()),];
    (bytes, media).prop_map(|(bytes, media)| Body::new(bytes, media)).boxed()
}

fn validator() -> BoxedStrategy<Validator> {
    "(W/)?\"[!#-~é]{1,8}\"".prop_map(|t| Validator::new(t).unwrap()).boxed()
}

fn time() -> BoxedStrategy<Timestamp> {
    any::<i32>().prop_map(|t| Timestamp(i64::from(t))).boxed()
}

fn path() -> BoxedStrategy<Path> {
    let token = prop_oneof![
        any::<String>().prop_map(Token::Member),
        (0..9_usize).prop_map(Token::Index),
        ("[a-z]{1,3}", "[0-9]{1,3}").prop_map(|(k, v)| Token::Identity([(k, v)].into())),
    ];
    vec(token, 0..4).prop_map(Path).boxed()
}

fn decision() -> BoxedStrategy<Decision> {
    let choice =
        prop_oneof![Just(Choice::Theirs), Just(Choice::Mine), Just(Choice::Both), Just(Choice::Edit)];
    (path(), of(any::<u32>()), choice, of(any::<String>()), of(any::<String>()), of(any::<String>()))
        .prop_map(|(path, part, choice, value, validator, then)| Decision {
            path,
            part,
            choice,
            value,
            validator,
            theirs_then: then.clone(),
            mine_then: then,
        })
        .boxed()
}

fn base() -> BoxedStrategy<Base> {
    (body(), of(validator()), time())
        .prop_map(|(body, validator, seen_at)| Base { body, validator, seen_at })
        .boxed()
}

fn change(synced: bool) -> BoxedStrategy<Change> {
    (body(), 0..3_u8)
        .prop_map(move |(body, n)| match n {
            0 => Change::Delete,
            1 if synced => Change::Replace(body),
            _ => Change::Create(body),
        })
        .boxed()
}

fn edit(synced: bool) -> BoxedStrategy<Edit> {
    let wait =
        prop_oneof![Just(WaitReason::ServerBusy), Just(WaitReason::BackOff), Just(WaitReason::NoVersionMark)];
    let marks = (of(validator()), of(any::<[u8; 32]>()), of(validator()));
    let counts = (any::<u32>(), any::<u32>(), any::<bool>(), any::<bool>());
    let rest = (of(time()), of(wait), time(), of(any::<String>()), vec(decision(), 0..3));
    (change(synced), marks, counts, rest)
        .prop_map(|(change, marks, counts, rest)| Edit {
            change,
            base_validator: marks.0,
            base_hash: marks.1.map(Hash),
            refused_validator: marks.2,
            attempts: counts.0,
            touched: counts.1,
            held: counts.2,
            was_sent: counts.3,
            not_before: rest.0,
            wait: rest.1,
            saved_at: rest.2,
            key: rest.3.map(IdempotencyKey),
            earlier: rest.4,
        })
        .boxed()
}

fn in_flight() -> BoxedStrategy<InFlight> {
    let fate = prop_oneof![Just(Fate::Open), Just(Fate::Lost), Just(Fate::Accepted), Just(Fate::Refused)];
    let sent = (body(), 0..3_u8).prop_map(|(body, n)| match n {
        0 => Sent::Delete,
        1 => Sent::Create(body),
        _ => Sent::Replace(body),
    });
    let twins = vec(any::<String>().prop_map(RemoteId), 0..3);
    (sent, 0..99_i64, 0..3_i64, fate, twins, any::<bool>())
        .prop_map(|(sent, rev, run, fate, twins, asks)| InFlight {
            sent,
            rev: Rev(rev),
            precondition: "If-Match: \"1\"".to_owned(),
            run: RunId(run),
            fate,
            twins,
            asks,
        })
        .boxed()
}

fn theirs() -> BoxedStrategy<TheirsSeen> {
    (of((body(), of(validator()))), time())
        .prop_map(|(version, seen_at)| TheirsSeen {
            what: match version {
                Some((body, validator)) => Theirs::Present(Version { body, validator }),
                None => Theirs::Gone,
            },
            seen_at,
        })
        .boxed()
}

fn conflict() -> BoxedStrategy<Conflict> {
    let kind = prop_oneof![
        Just(ConflictKind::EditEdit),
        Just(ConflictKind::EditDelete),
        Just(ConflictKind::DeleteEdit),
        Just(ConflictKind::CreateCreate)
    ];
    let rows = vec((path(), of(any::<u32>())).prop_map(|(path, part)| RowNumber { path, part }), 0..4);
    (kind, vec(decision(), 0..4), rows, any::<bool>())
        .prop_map(|(kind, decisions, rows, must_look)| Conflict { kind, decisions, rows, must_look })
        .boxed()
}

fn refusal() -> BoxedStrategy<Refusal> {
    let kind =
        prop_oneof![Just(RefusalKind::Content), Just(RefusalKind::Permission), Just(RefusalKind::Protocol)];
    let pointers = vec((any::<String>(), any::<String>()), 0..3);
    (kind, any::<String>(), pointers)
        .prop_map(|(kind, words, pointers)| Refusal {
            kind,
            words,
            pointers: pointers.into_iter().map(|(pointer, words)| Pointed { pointer, words }).collect(),
        })
        .boxed()
}

/// What an edit has beside it.
#[derive(Clone, Debug)]
enum Beside {
    Nothing(Option<TheirsSeen>),
    InFlight(InFlight, Option<TheirsSeen>),
    Conflict(TheirsSeen, Conflict),
    Refusal(Refusal, Option<TheirsSeen>),
}

fn beside() -> BoxedStrategy<Beside> {
    prop_oneof![
        of(theirs()).prop_map(Beside::Nothing),
        (in_flight(), of(theirs())).prop_map(|(f, t)| Beside::InFlight(f, t)),
        (theirs(), conflict()).prop_map(|(t, c)| Beside::Conflict(t, c)),
        (refusal(), of(theirs())).prop_map(|(r, t)| Beside::Refusal(r, t)),
    ]
    .boxed()
}

/// Any record of this place that fits a state.
pub fn record(source: SourceId, collection: &'static str) -> BoxedStrategy<Record> {
    let rows = prop_oneof![
        1 => base().prop_map(|base| (Some(base), None)),
        4 => (of(base()), edit(true), beside()).prop_map(|(base, edit, beside)| (base, Some((edit, beside)))),
    ];
    let id = of("[^\\x00]{1,12}".prop_map(RemoteId));
    (rows, id, any::<bool>(), 0..i64::MAX, 0..i64::MAX)
        .prop_map(move |((base, edit), id, ours, rev, answered)| {
            let mut record = Record::new(LocalKey(0), source, collection, id);
            record.id_is_ours = ours;
            record.rev = Rev(rev);
            record.answered = Seq(answered);
            record.base = base;
            let Some((mut edit, beside)) = edit else { return record };
            match beside {
                Beside::Nothing(theirs) => record.theirs = theirs,
                Beside::InFlight(in_flight, theirs) => {
                    (record.in_flight, record.theirs) = (Some(in_flight), theirs)
                }
                Beside::Conflict(theirs, conflict) => {
                    (record.theirs, record.conflict) = (Some(theirs), Some(conflict))
                }
                Beside::Refusal(refusal, theirs) => (record.refusal, record.theirs) = (Some(refusal), theirs),
            }
            if let (Change::Replace(body), None, None) = (&edit.change, &record.base, &record.in_flight) {
                edit.change = Change::Create(body.clone());
            }
            record.edit = Some(edit);
            record
        })
        .boxed()
}

/// The body of a record's base, or an edit's, as an entry of its history.
pub fn history() -> BoxedStrategy<Vec<sync_engine::HistoryEntry>> {
    use sync_engine::What;
    let what = prop_oneof![Just(What::Sent), Just(What::SetAside), Just(What::Merged), Just(What::Discarded)];
    let entry = (what, any::<bool>(), of(body()), of(validator()), of(validator())).prop_map(
        |(what, by_me, body, validator, from_validator)| sync_engine::HistoryEntry {
            what,
            by_me,
            body,
            validator,
            from_validator,
            at: None,
            note: None,
        },
    );
    vec(entry, 0..3).boxed()
}
