//! The backups of the profile in hand, each with a way back to it.

use stoa_ipc::{Backup, ListBackups, RestoreFrom};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::restore::RestoreDialog;
use crate::format::{moment, size};
use crate::host::use_host;
use crate::parts::{Button, ButtonKind, Loaded, Remote};
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(crate) struct BackupsProps {
    /// Changes when there is a backup more.
    #[prop_or_default]
    pub(crate) n: u64,
    /// Whether an empty database is offered too, because the present one is of no use.
    #[prop_or_default]
    pub(crate) or_empty: bool,
}

#[component]
pub(crate) fn Backups(props: &BackupsProps) -> Html {
    let words = use_words();
    let host = use_host();
    let found = use_state(|| Remote::Coming);
    let chosen = use_state(|| None::<RestoreFrom>);
    let again = {
        let found = found.clone();
        Callback::from(move |()| {
            let (host, found) = (host.clone(), found.clone());
            spawn_local(async move { found.set(host.call(ListBackups {}).await.into()) });
        })
    };
    {
        let again = again.clone();
        use_effect_with(props.n, move |_| again.emit(()));
    }
    let onchoose = {
        let chosen = chosen.clone();
        Callback::from(move |from: RestoreFrom| chosen.set(Some(from)))
    };
    let onclose = {
        let chosen = chosen.clone();
        Callback::from(move |()| chosen.set(None))
    };
    let show = {
        let onchoose = onchoose.clone();
        Callback::from(
            move |backups: Vec<Backup>| html! { <BackupTable {backups} onchoose={onchoose.clone()} /> },
        )
    };
    let is_empty = found.here().is_some_and(Vec::is_empty);
    let empty =
        html! { <p class="about" data-testid="no-backups">{ t!(words, "backup-none") }</p> };
    html! {
        <section class="section" aria-label={t!(words, "backups-title")} data-testid="backups">
            <h2>{ t!(words, "backups-title") }</h2>
            <Loaded<Vec<Backup>> value={(*found).clone()} {show} {is_empty} {empty} onretry={again} n_bones=3 />
            if props.or_empty {
                <div class="setting">
                    <div class="what"><strong>{ t!(words, "restore-empty") }</strong><span>{ t!(words, "restore-empty-more") }</span></div>
                    <Button label={t!(words, "restore-choose")} onclick={onchoose.reform(|_: MouseEvent| RestoreFrom::Nothing)} testid="restore-empty" />
                </div>
            }
            if let Some(from) = (*chosen).clone() { <RestoreDialog {from} {onclose} /> }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct BackupTableProps {
    backups: Vec<Backup>,
    onchoose: Callback<RestoreFrom>,
}

#[component]
fn BackupTable(props: &BackupTableProps) -> Html {
    let words = use_words();
    let row = |backup: &Backup| {
        let name = backup.name.clone();
        let from = move |_: MouseEvent| RestoreFrom::Backup { name: name.clone() };
        let when = match backup.made_at {
            Some(at) => moment(words.tag(), at),
            None => backup.name.clone(),
        };
        let schema = match backup.schema {
            Some(schema) => AttrValue::from(schema.to_string()),
            None => t!(words, "backup-unreadable"),
        };
        let label = t!(words, "restore-this", when = when.as_str());
        html! {
            <tr>
                <th scope="row">{ when.clone() }</th>
                <td>{ words.get(backup.kind.text_key()) }</td>
                <td class="num">{ size(backup.bytes) }</td>
                <td class="num">{ schema }</td>
                <td><Button kind={ButtonKind::Quiet} icon="archive-restore" icon_only=true {label} disabled={backup.schema.is_none()}
                    onclick={props.onchoose.reform(from)} testid="restore-backup" /></td>
            </tr>
        }
    };
    html! {
        <table class="kept">
            <thead><tr>
                <th scope="col">{ t!(words, "backup-when") }</th>
                <th scope="col">{ t!(words, "backup-kind") }</th>
                <th scope="col" class="num">{ t!(words, "storage-size") }</th>
                <th scope="col" class="num">{ t!(words, "backup-schema") }</th>
                <th scope="col"><span class="unseen">{ t!(words, "restore-choose") }</span></th>
            </tr></thead>
            <tbody>{ for props.backups.iter().map(row) }</tbody>
        </table>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;
    use stoa_domain::Timestamp;
    use stoa_ipc::BackupKind;

    fn backup(name: &str, kind: BackupKind, schema: Option<u32>) -> Backup {
        Backup {
            name: name.to_owned(),
            kind,
            made_at: Some(Timestamp::from_millis(1_700_000_000_000)),
            bytes: 5_000_000,
            schema,
        }
    }

    fn draw() -> Html {
        let backups = vec![
            backup("studio-1.db", BackupKind::Rolling, Some(7)),
            backup("before-refetch-1.db", BackupKind::BeforeRefetch, None),
        ];
        html! { <BackupTable {backups} onchoose={Callback::noop()} /> }
    }

    #[test]
    fn every_backup_says_what_it_is_and_only_one_that_can_be_read_is_offered() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, draw);
            assert_eq!(markup.matches("restore-backup").count(), 2, "{markup}");
            assert_eq!(markup.matches("disabled=").count(), 1, "{markup}");
            let words = crate::texts::Words::new(language);
            for key in [
                "backup-rolling",
                "backup-before-refetch",
                "backup-unreadable",
            ] {
                assert!(markup.contains(words.get(key).as_str()), "{key}: {markup}");
            }
        }
    }

    #[test]
    fn the_button_of_a_backup_names_its_time_to_those_who_do_not_see_the_row() {
        let markup = drawn("en", draw);
        assert!(
            markup.contains("aria-label=\"Restore the backup of"),
            "{markup}"
        );
    }
}
