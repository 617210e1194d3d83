//! The stories, and the list of those that run against every server.

mod addresses;
mod card_rules;
mod cards;
mod creates;
mod deciding;
mod deletes;
mod elsewhere;
mod evil;
mod first_pull;
mod groups;
mod lost;
mod many;
mod merging;
mod network;
mod offline;
mod outbox;
mod past;
mod radar;
mod restart;
mod secrets;
mod time_machine;
mod undoing;

use crate::servers::{Backend, KintoProcess};
use futures_util::StreamExt as _;
use std::sync::Arc;

/// Stories for every server: a test each on the reference server, and one test for all of them on Kinto.
macro_rules! stories {
    ($($module:ident :: $story:ident),* $(,)?) => {
        mod reference {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$module::$story(&crate::servers::Backend::Reference).await;
            })*
        }

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn on_kinto() {
            let backend = Backend::Kinto(Arc::new(KintoProcess::start().await));
            let mut told = Vec::new();
            $({
                let backend = backend.clone();
                let story = async move { $module::$story(&backend).await };
                told.push((stringify!($story), Box::pin(story) as futures_util::future::BoxFuture<'static, ()>));
            })*
            tell(told).await;
        }
    };
}

/// A few stories at a time; every one is told, then those that failed are named.
async fn tell(stories: Vec<(&'static str, futures_util::future::BoxFuture<'static, ()>)>) {
    let only = std::env::var("STORY").ok();
    let wanted =
        stories.into_iter().filter(|(name, _)| only.as_ref().is_none_or(|o| name.contains(o.as_str())));
    let told = futures_util::stream::iter(wanted)
        .map(|(name, story)| async move { (name, tokio::spawn(story).await.is_ok()) })
        .buffer_unordered(3)
        .collect::<Vec<_>>()
        .await;
    let failed: Vec<_> = told.iter().filter(|(_, well)| !well).map(|(name, _)| *name).collect();
    assert!(!told.is_empty() && failed.is_empty(), "on Kinto these fail: {failed:?}");
}

/// Stories with records that are no JSON, which Kinto does not keep.
mod other_records {
    macro_rules! on_reference {
        ($($module:ident :: $story:ident),* $(,)?) => {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$module::$story().await;
            })*
        };
    }

    on_reference! {
        cards::one_line_changes,
        cards::undo_of_a_merged_contact,
        cards::undo_to_either_side,
        cards::many_contacts_and_back,
        card_rules::a_rule_for_a_name,
        card_rules::a_rule_for_a_time,
        card_rules::time_and_place_go_together,
        card_rules::an_address_and_its_label,
        card_rules::a_rule_for_phones,
        card_rules::a_rule_for_the_preferred_phone,
        card_rules::fields_have_names,
    }
}

stories! {
    first_pull::first_pull,
    offline::offline_edit_and_reconnect,
    offline::server_comes_back,
    merging::both_changed_one_field,
    merging::changed_again_keeps_decisions,
    merging::sends_by_itself_when_nothing_clashes,
    deciding::typed_text_is_kept,
    deciding::an_overridden_take_is_asked_again,
    deciding::decided_about_the_version_shown,
    deciding::the_source_is_taken,
    deciding::another_program,
    elsewhere::decided_here_meanwhile,
    elsewhere::saved_while_closed,
    elsewhere::open_across_a_start,
    elsewhere::saved_for_a_merge_that_is_over,
    elsewhere::saved_when_the_merge_was_sent,
    elsewhere::saved_for_a_record_that_is_gone,
    elsewhere::saved_for_a_source_that_is_gone,
    elsewhere::a_result_too_large_stays,
    deciding::a_merge_as_a_file,
    many::a_hundred_at_once,
    many::nothing_to_send,
    many::stopped_in_the_middle,
    many::stopped_and_undone,
    many::a_rule_from_now_on,
    many::a_rule_for_a_row,
    many::conflicts_hold_nobody_back,
    many::what_needs_no_choice,
    many::deleted_there_for_many,
    undoing::a_batch_leaves_what_was_decided_since,
    undoing::what_is_newer_is_known_after_a_choice,
    undoing::another_program_leaves_what_was_decided_since,
    deletes::deleted_here,
    deletes::edited_here_deleted_there,
    deletes::deleted_here_edited_there,
    creates::new_records,
    creates::made_in_both_places,
    outbox::hold_and_release,
    outbox::take_back,
    outbox::refused_and_repaired,
    outbox::one_bad_record,
    outbox::three_hundred_edits,
    past::history_restore,
    past::suddenly_empty,
    time_machine::undo_of_a_sent_merge,
    time_machine::undo_before_and_after,
    time_machine::any_two_versions,
    time_machine::who_is_known_offline,
    time_machine::the_history_as_a_file,
    time_machine::versions_are_kept_as_long_as_wanted,
    radar::news_are_taken_in,
    radar::news_that_overlap,
    radar::a_look_is_cheap,
    lost::lost_answers,
    lost::lost_and_changed_again,
    lost::typing_while_sending,
    restart::closed_and_opened,
    restart::killed,
    evil::wrong_lists_change_nothing,
    evil::wrong_answers_to_a_write,
    evil::always_refused,
    network::retry_after,
    network::captive_portal,
    network::protected,
    network::unprotected,
}
