use super::*;
use std::time::Instant;
#[test]
fn speed() {
    let wide = |w: &str| {
        format!(
            "{{{}}}",
            (0..25_000)
                .map(|n| format!("\"member_{n}\":\"value {w} {}\"", if n % 2 == 0 { n } else { n + w.len() }))
                .collect::<Vec<_>>()
                .join(",")
        )
    };
    let text = |w: &str| {
        format!(
            "{{\"notes\":\"{}\"}}",
            (0..20_000).map(|n| format!("line {w} number {n} of the text\\n")).collect::<String>()
        )
    };
    let list = |w: &str| {
        format!(
            "{{\"accessories\":[{}]}}",
            (0..10_000)
                .map(|n| format!(
                    "{{\"no\":{n},\"item\":\"thing {w}\",\"count\":{n},\"condition\":\"good\"}}"
                ))
                .collect::<Vec<_>>()
                .join(",")
        )
    };
    let nested = |w: &str| {
        format!(
            "{{{}}}",
            (0..400)
                .map(|n| format!(
                    "\"group_{n}\":{{{}}}",
                    (0..60)
                        .map(|m| format!("\"m{m}\":\"{w} {n} value of member\""))
                        .collect::<Vec<_>>()
                        .join(",")
                ))
                .collect::<Vec<_>>()
                .join(",")
        )
    };
    let makes: [(&str, Box<dyn Fn(&str) -> String>); 4] = [
        ("wide", Box::new(wide)),
        ("text", Box::new(text)),
        ("list", Box::new(list)),
        ("nested", Box::new(nested)),
    ];
    for (name, make) in makes {
        let record = replaced(&make("a"), &make("bb"));
        let t = Instant::now();
        record_view(&tools(), &record, RecordInput::default()).unwrap();
        let a = t.elapsed();
        let t = Instant::now();
        let mut record = with_theirs(record, Some(&make("ccc")));
        news(&tools(), &record);
        let b = t.elapsed();
        record.conflict = Some(Conflict {
            kind: ConflictKind::EditEdit,
            decisions: vec![],
            rows: vec![],
            must_look: false,
        });
        let t = Instant::now();
        let s = merge_of(&tools(), &record).unwrap();
        let c0 = t.elapsed(); println!("{name} so far {a:?} {b:?} {c0:?}");
        let t = Instant::now();
        let v = merge_view(&tools(), &record).unwrap();
        let c = t.elapsed(); println!("{name} so far {a:?} {b:?} {c0:?} {c:?}");
        let t = Instant::now();
        let rows: Vec<String> = s.reviewed.iter().map(|r| r.row.path.to_pointer()).collect();
        for r in &s.reviewed {
            if r.standing.is_open() {
                record.conflict.as_mut().unwrap().decisions.push(Decision {
                    path: r.row.path.clone(),
                    part: r.row.part,
                    choice: record_merge::Choice::Mine,
                    value: None,
                    validator: None,
                    theirs_then: r.row.theirs.clone(),
                    mine_then: r.row.mine.clone(),
                });
            }
        }
        let p = merge_preview(&tools(), &record, None).map(|p| p.change.len()).unwrap_or(0);
        let d = t.elapsed();
        let t = Instant::now();
        body_diff(Some(&body(&make("a"))), &body(&make("bb")));
        let e = t.elapsed();
        let t = Instant::now();
        search_text(&body(&make("a")));
        title(Some(&body(&make("a"))), &TOOLS, "x");
        println!(
            "{name} {} bytes: record {a:?} news {b:?} merge {c0:?} merge_view {c:?} ({} rows) preview {d:?} ({}) diff {e:?} search+title {:?} {}",
            make("a").len(),
            v.rows.len(),
            p,
            t.elapsed(),
            rows.len()
        );
    }
    let records: Vec<Record> = (0..1000)
        .map(|n| {
            let mut r = in_merge(
                replaced(DRILL, &drill(&[("20.00", "30.00")])),
                Some(&drill(&[("20.00", "25.00")])),
                ConflictKind::EditEdit,
            );
            r.key = LocalKey(n);
            r
        })
        .collect();
    let ctx = tools();
    let inputs: Vec<NeedsYouInput<'_>> =
        records.iter().map(|record| NeedsYouInput { context: &ctx, record }).collect();
    let t = Instant::now();
    needs_you(&inputs);
    println!("needs_you 1000: {:?}", t.elapsed());
}
