//! Servers that choose the address of new records themselves.

use crate::person::Person;
use crate::servers::Backend;
use crate::stage::{SOON, Stage, eventually};
use ipc_types::{RecordState, RecordView, Settle};
use testkit::{Fault, Rule, until};

async fn posting(create: &str) -> (Stage, Person) {
    let mut stage = Stage::new(&Backend::Reference, "addresses").await;
    stage.may_be_bare = |write| write.method == "POST";
    let published = reqwest::get(format!("{}/.well-known/matchbook.toml", stage.proxy.url())).await.unwrap();
    let published = published.text().await.unwrap();
    let profile = published.replace("create = \"put\"", &format!("create = \"{create}\""));
    assert_ne!(profile, published);
    let ann = Person::at(tempfile::tempdir().unwrap()).await;
    ann.handle.add_source(stage.source(Some(profile))).await.unwrap();
    ann.reads().await;
    ann.checks(None).await;
    assert_eq!(stage.ids().await, Vec::<String>::new());
    ann.starts();
    (stage, ann)
}

async fn new(stage: &Stage, ann: &Person, name: &str) -> String {
    ann.creates(stage, None, &format!("{{\"name\":\"{name}\"}}")).await.unwrap().key
}

async fn comes_to(ann: &Person, key: &str, state: RecordState) -> RecordView {
    let view = || async { Some(ann.by_key(key).await).filter(|view| view.state == state) };
    until(&format!("{key} is {state:?}"), SOON, view).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_chooses_the_address() {
    let (stage, ann) = posting("post").await;
    let key = new(&stage, &ann, "Lathe").await;
    let view = comes_to(&ann, &key, RecordState::Synced).await;
    assert_eq!(stage.ids().await, [view.id.unwrap()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_key_the_person_is_asked() {
    let (stage, ann) = posting("post").await;
    stage.proxy.add(Rule::all(Fault::LoseAnswer).by(&["POST"]).times(1));
    let key = new(&stage, &ann, "Lathe").await;
    eventually("a twin is found", || async { !ann.by_key(&key).await.twins.is_empty() }).await;
    let view = ann.by_key(&key).await;
    assert_eq!((view.state, view.twins.len()), (RecordState::Uncertain, 1));
    assert_eq!(stage.ids().await, [view.twins[0].id.clone()]);
    let is = Some(view.twins[0].id.clone());
    ann.handle.settle(Settle { key: key.clone(), is }).await.unwrap();
    comes_to(&ann, &key, RecordState::Synced).await;
    assert_eq!(stage.ids().await.len(), 1, "nothing was sent again");

    // This one never arrived: nothing is found, and it is sent again only because the person says so.
    stage.proxy.clear();
    stage.proxy.add(Rule::all(Fault::LoseRequest).by(&["POST"]).times(1));
    let mark = stage.mark();
    let key = new(&stage, &ann, "Vice").await;
    comes_to(&ann, &key, RecordState::Uncertain).await;
    let listed = || async {
        stage
            .passed(mark)
            .iter()
            .filter(|p| p.heard.method == "GET" && p.heard.target.contains("/records?"))
            .count()
            > 0
    };
    eventually("the list was searched", listed).await;
    let posts = || stage.passed(mark).iter().filter(|p| p.heard.method == "POST").count();
    assert_eq!(posts(), 1, "not sent again unasked");
    ann.handle.settle(Settle { key: key.clone(), is: None }).await.unwrap();
    comes_to(&ann, &key, RecordState::Synced).await;
    assert_eq!((stage.ids().await.len(), posts()), (2, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_key_nobody_is_asked() {
    let (stage, ann) = posting("post-with-key").await;
    for (name, fault) in [("Lathe", Fault::LoseAnswer), ("Vice", Fault::LoseRequest)] {
        stage.proxy.clear();
        stage.proxy.add(Rule::all(fault).by(&["POST"]).times(1));
        let mark = stage.mark();
        let key = new(&stage, &ann, name).await;
        comes_to(&ann, &key, RecordState::Synced).await;
        let posts: Vec<_> = stage.passed(mark).into_iter().filter(|p| p.heard.method == "POST").collect();
        let keys: Vec<_> = posts.iter().map(|p| p.heard.header("idempotency-key")).collect();
        assert!(keys.iter().all(|key| key.is_some() && *key == keys[0]), "{keys:?}");
    }
    assert_eq!(stage.ids().await.len(), 2);
}
