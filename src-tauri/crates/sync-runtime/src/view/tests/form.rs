use super::*;
use ipc_types::{FieldKind, FieldView, ValueType};

fn show(field: &FieldView) -> String {
    let meta = &field.meta;
    let mut out =
        format!("{} {:?} {}", meta.label, meta.kind, field.value.text.lines().next().unwrap_or_default());
    for (word, set) in [("required", meta.required), ("kept", meta.read_only), ("choose", field.needs_choice)]
    {
        if set {
            out.push_str(&format!(" [{word}]"));
        }
    }
    if let Some(before) = &field.before {
        out.push_str(&format!(" (before: {} {:?})", before.text, before.r#type));
    }
    if let Some(error) = &field.error {
        out.push_str(&format!(" !{error}"));
    }
    out
}

fn shown(ctx: &ViewContext<'_>, body: &Body, before: Option<&Body>) -> Vec<String> {
    form(ctx, &FormInputs { body: Some(body), before, ..FormInputs::default() })
        .fields
        .iter()
        .map(show)
        .collect()
}

#[test]
fn a_tool_as_its_schema_says() {
    let now = body(&drill(&[("20.00", "30.00"), ("\"lent_to\": null,\n", ""), ("\"A3\"", "\"A4\"")]));
    let expected = [
        "No. Text T-118",
        "Name Text Cordless drill 18 V [required]",
        "Status Choice available",
        "Deposit Number 30.00 [required] (before: 20.00 Number)",
        "Next safety check Date 2026-09-14",
        "Lent to Text  (before: null Null)",
        "Tags Tags [\"power tool\", \"18 V\"]",
        "Notes LongText Charge both batteries before handing it out.",
        "Accessories Table [",
        "Updated by Text Tomasz Wilk [kept]",
        "Updated at DateTime 2026-06-09T08:00:00Z [kept]",
        "Shelf Text A4 (before: A3 Text)",
    ];
    assert_eq!(shown(&tools(), &now, Some(&body(DRILL))), expected);
    let view = form(&tools(), &FormInputs { body: Some(&now), ..FormInputs::default() });
    assert_eq!(view.fields[3].meta.unit.as_deref(), Some("EUR"));
    assert_eq!(view.fields[3].meta.help.as_deref(), Some("Paid back on return."));
    assert_eq!(view.fields[2].meta.options[1].title, "In repair");
    assert_eq!(view.fields[2].meta.options[1].json, "\"in_repair\"");
    assert_eq!(view.fields[5].value.r#type, ValueType::Missing);
}

#[test]
fn a_table_has_cells() {
    let now = body(&drill(&[("\"worn\"", "\"one new\""), ("\"count\": 1, ", "\"count\": 0, ")]));
    let before = body(DRILL);
    let view =
        form(&tools(), &FormInputs { body: Some(&now), before: Some(&before), ..FormInputs::default() });
    let table = view.fields.iter().find(|f| f.meta.pointer == "/accessories").unwrap();
    let columns: Vec<String> =
        table.columns.iter().map(|c| format!("{} {:?} {}", c.label, c.kind, c.pointer)).collect();
    assert_eq!(
        columns,
        ["Item Text /item", "Count Number /count", "Condition Text /condition", "No Number /no"]
    );
    assert!(table.before.is_some() && table.columns[0].required);
    let second: Vec<String> = table.rows[1].iter().map(show).collect();
    assert_eq!(
        second,
        [
            "Item Text Battery 2.0 Ah [required]",
            "Count Number 2",
            "Condition Text one new (before: worn Text)",
            "No Number 2"
        ]
    );
    assert_eq!(table.rows[0][1].meta.pointer, "/accessories/0/count");
    assert_eq!(table.rows[0][1].error.as_deref(), Some("Must be at least 1."));
}

#[test]
fn records_without_schema_are_inferred() {
    let long = "x".repeat(121);
    let contact = body(&format!(
        r#"{{"name":"Fern Abara","born":"1990-02-03","seen":"2026-06-12T10:31:00Z","phones":["+351 912"],"none":[],
        "address":{{"street":"Rua 1","zip":null}},"plots":[{{"no":17}},{{"no":18,"water":true}}],"mixed":[1,"a"],
        "active":false,"deep":{{"a":1,"a":2}},"notes":"a\nb","long":"{long}","n":9007199254740993}}"#
    ));
    let expected = [
        "Name Text Fern Abara",
        "Born Date 1990-02-03",
        "Seen DateTime 2026-06-12T10:31:00Z",
        "Phones Tags [\"+351 912\"]",
        "None Json []",
        "Address Object {\"street\":\"Rua 1\",\"zip\":null}",
        "Plots Table [{\"no\":17},{\"no\":18,\"water\":true}]",
        "Mixed Json [1,\"a\"]",
        "Active Boolean false",
        "Deep Json {\"a\":1,\"a\":2}",
        "Notes LongText a",
        &format!("Long LongText {long}"),
        "N Number 9007199254740993",
    ];
    assert_eq!(shown(&notes(), &contact, None), expected);
    let view = form(&notes(), &FormInputs { body: Some(&contact), ..FormInputs::default() });
    let inside: Vec<String> = view.fields[5].fields.iter().map(show).collect();
    assert_eq!(inside, ["Street Text Rua 1", "Zip Text null"]);
    assert_eq!(view.fields[5].fields[0].meta.pointer, "/address/street");
    assert_eq!(view.fields[6].rows[0][1].value.r#type, ValueType::Missing);
}

#[test]
fn values_that_do_not_fit_are_shown_as_they_are_with_words() {
    let odd = body(
        r#"{"name":"","deposit":"lots","status":"gone","next_safety_check":"soon","tags":["a","a"],"notes":7,"accessories":[1]}"#,
    );
    let fields = shown(&tools(), &odd, None);
    let expected = [
        ("Name", "Name Text  [required] !Must not be empty."),
        ("Deposit", "Deposit Text lots [required] !Must be a number."),
        ("Status", "Status Choice gone !Must be one of these: Available, In repair, Lent."),
        ("Next", "Next safety check Text soon !Must be a date like 2026-09-14."),
        ("Tags", "Tags Tags [\"a\",\"a\"] !Must not have the same entry twice (a)."),
        ("Notes", "Notes Number 7 !Must be text."),
        (
            "Accessories",
            "Accessories Json [1] !Has an entry that does not fit: number 1 must be a group of fields.",
        ),
    ];
    for (start, line) in expected {
        assert_eq!(fields.iter().find(|f| f.starts_with(start)).map(String::as_str), Some(line));
    }
    let empty = shown(&tools(), &body("{}"), None);
    assert!(empty.contains(&"Deposit Number  [required] !Is needed.".to_owned()), "{empty:?}");
}

#[test]
fn refusals_and_choices_stand_at_their_fields() {
    let now = body(DRILL);
    let words = |pointer: &str, words: &str| Pointed { pointer: pointer.into(), words: words.into() };
    let refusal = Refusal {
        kind: RefusalKind::Content,
        words: "no".into(),
        pointers: vec![
            words("/deposit", "deposit too low"),
            words("/accessories/1/condition", "unknown condition"),
            words("/tags/0", "no such tag"),
            words("nonsense", "?"),
        ],
    };
    let open = [Path::from_pointer("/notes").unwrap()];
    let view =
        form(&tools(), &FormInputs { body: Some(&now), refusal: Some(&refusal), open: &open, before: None });
    let error = |pointer: &str| view.fields.iter().find(|f| f.meta.pointer == pointer).unwrap().error.clone();
    assert_eq!(error("/deposit").as_deref(), Some("deposit too low"));
    assert_eq!(error("/tags").as_deref(), Some("no such tag"));
    assert_eq!(error("/accessories"), None);
    let table = view.fields.iter().find(|f| f.meta.kind == FieldKind::Table).unwrap();
    assert_eq!(table.rows[1][2].error.as_deref(), Some("unknown condition"));
    let open: Vec<&str> =
        view.fields.iter().filter(|f| f.needs_choice).map(|f| f.meta.pointer.as_str()).collect();
    assert_eq!(open, ["/notes"]);
}

#[test]
fn what_has_no_form_has_none() {
    for text in ["[1]", "7", "broken", r#"{"a":1,"a":2}"#] {
        assert_eq!(
            form(&notes(), &FormInputs { body: Some(&body(text)), ..FormInputs::default() }).fields,
            []
        );
    }
    let markdown = Body::new(&b"# Plot 17"[..], "text/markdown");
    assert_eq!(form(&notes(), &FormInputs { body: Some(&markdown), ..FormInputs::default() }).fields, []);
    let large: Vec<String> = (0..2_001).map(|n| format!("\"m{n}\":{n}")).collect();
    let large = body(&format!("{{{}}}", large.join(",")));
    assert_eq!(form(&notes(), &FormInputs { body: Some(&large), ..FormInputs::default() }).fields, []);
}

#[test]
fn removed_members_stay_visible_and_can_be_put_back() {
    let now = body(r#"{"name":"n"}"#);
    let before = body(r#"{"name":"n","plot":17}"#);
    assert_eq!(shown(&notes(), &now, Some(&before)), ["Name Text n", "Plot Number  (before: 17 Number)"]);
}

#[test]
fn long_tables_and_deep_objects_become_text() {
    let rows = vec![r#"{"a":1}"#; 501].join(",");
    let deep = format!("{}1{}", "{\"a\":".repeat(40), "}".repeat(40));
    let record = body(&format!(r#"{{"rows":[{rows}],"deep":{deep}}}"#));
    let view = form(&notes(), &FormInputs { body: Some(&record), ..FormInputs::default() });
    assert_eq!(view.fields[0].meta.kind, FieldKind::Json);
    let mut depth = 0;
    let mut field = &view.fields[1];
    while let Some(inner) = field.fields.first() {
        field = inner;
        depth += 1;
    }
    assert_eq!((depth, field.meta.kind), (6, FieldKind::Json));
}

#[test]
fn schemas_never_fail() {
    for text in [
        "",
        "[]",
        "{\"properties\":7}",
        "{\"properties\":{\"a\":true,\"b\":[],\"c\":{\"type\":7,\"enum\":{}}}}",
        "{\"$ref\":\"#\"}",
        "{\"properties\":{\"a\":{\"$ref\":\"#\"},\"b\":{\"$ref\":\"#\"},\"c\":{\"$ref\":\"#/nowhere\"}}}",
        "{\"properties\":{\"a\":{\"pattern\":\"(((\",\"minLength\":-1,\"items\":{\"items\":{\"$ref\":\"#/properties/a\"}}}}}",
    ] {
        let schema = CollectionSchema::read(text.as_bytes());
        let ctx = ViewContext { schema: &schema, ..tools() };
        let shown = form(&ctx, &FormInputs { body: Some(&body(r#"{"a":"x"}"#)), ..FormInputs::default() });
        assert!(shown.fields.iter().any(|f| f.meta.pointer == "/a" && f.value.text == "x"), "{text}");
    }
}

#[test]
fn schema_details() {
    let schema = CollectionSchema::read(
        br##"{"$ref":"#/$defs/case","$defs":{"case":{"title":"Cases","properties":{
        "device":{"title":"Device"},"state":{"anyOf":[{"enum":["open","closed"]},{"type":"null"}]},
        "owner":{"$ref":"#/$defs/person","title":"Looked after by"},"by":{"type":"string","x-author":true}}},
        "person":{"title":"Person","type":"object","properties":{"name":{"type":"string"}}}}}"##,
    );
    assert_eq!(schema.collection_title("cases"), "Cases");
    assert_eq!(CollectionSchema::default().collection_title("repair/open_cases"), "Open cases");
    let field = |pointer: &str| schema.field(&Path::from_pointer(pointer).unwrap()).unwrap();
    assert_eq!(field("/owner").title.as_deref(), Some("Looked after by"));
    assert_eq!(field("/owner/name").only_type(), Some(JsonType::String));
    let titles: Vec<&str> = field("/state").allowed.iter().map(|a| a.title.as_str()).collect();
    assert_eq!(titles, ["Open", "Closed", "(no value)"]);
    let policy = TOOLS.merge_policy(&Policy::default());
    assert_eq!(policy.server_kept, ["updated_by", "updated_at"]);
    assert_eq!(policy.arrays["tags"], record_merge::ArrayMode::Set);
    assert_eq!(policy.arrays["accessories"], record_merge::ArrayMode::Identity(vec!["no".into()]));
}
