//! What is on this computer, how it is locked, and a backup on the spot.

use stoa_ipc::{BackUpNow, Event, GetStorage, Storage};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::file_list::Files;
use super::transfer::Transfer;
use crate::commands::use_commands;
use crate::format::{grouped, relative, size};
use crate::host::{use_events, use_host, use_now};
use crate::parts::{Button, ButtonKind, Icon, Loaded, Remote};
use crate::rescue::Backups;
use crate::t;
use crate::tell::use_tell;
use crate::texts::use_words;

#[component]
pub(super) fn StorageTab() -> Html {
    let (host, tell) = (use_host(), use_tell());
    let storage = use_state(|| Remote::Coming);
    let backing_up = use_state(|| false);
    let again = {
        let (host, storage) = (host.clone(), storage.clone());
        Callback::from(move |()| {
            let (host, storage) = (host.clone(), storage.clone());
            spawn_local(async move { storage.set(host.call(GetStorage {}).await.into()) });
        })
    };
    {
        let again = again.clone();
        use_effect_with((), move |()| again.emit(()));
    }
    {
        let again = again.clone();
        use_events(Callback::from(move |event: Event| {
            if matches!(event, Event::Drafts(_) | Event::Files) {
                again.emit(());
            }
        }));
    }
    let onbackup = {
        let (storage, backing_up) = (storage.clone(), backing_up.clone());
        Callback::from(move |_: MouseEvent| {
            let (host, tell) = (host.clone(), tell.clone());
            let (storage, backing_up) = (storage.clone(), backing_up.clone());
            backing_up.set(true);
            spawn_local(async move {
                match host.call(BackUpNow {}).await {
                    Ok(now) => storage.set(Remote::Here(now)),
                    Err(failure) => tell.emit(failure),
                }
                backing_up.set(false);
            });
        })
    };
    let busy = *backing_up;
    let show = Callback::from(
        move |storage: Storage| html! { <Kept {storage} {busy} onbackup={onbackup.clone()} /> },
    );
    html! { <Loaded<Storage> value={(*storage).clone()} {show} onretry={again} n_bones=4 /> }
}

#[derive(Properties, PartialEq)]
struct KeptProps {
    storage: Storage,
    busy: bool,
    onbackup: Callback<MouseEvent>,
}

#[component]
fn Kept(props: &KeptProps) -> Html {
    let words = use_words();
    let now = use_now();
    let commands = use_commands();
    let storage = &props.storage;
    let run = |id: &'static str| {
        let commands = commands.clone();
        Callback::from(move |_: MouseEvent| {
            commands.run(id);
        })
    };
    let shows_folder = commands.can_run("help.data_folder");
    let last = match storage.last_backup_at {
        Some(at) => t!(words, "backup-last", when = relative(words.tag(), now, at)),
        None => t!(words, "backup-none"),
    };
    let twice = match storage.is_unsent_kept_twice {
        true => t!(words, "kept-twice"),
        false => t!(words, "kept-once"),
    };
    let label = match props.busy {
        true => t!(words, "backup-under-way"),
        false => t!(words, "backup-now"),
    };
    let line = |name: AttrValue, count: String, bytes: u64| {
        html! { <tr><th scope="row">{ name }</th><td class="num">{ count }</td><td class="num">{ size(bytes) }</td></tr> }
    };
    html! {
        <div class="storage" data-testid="storage">
            <table class="kept">
                <thead><tr><th scope="col">{ t!(words, "storage-what") }</th><th scope="col" class="num">{ t!(words, "storage-count") }</th><th scope="col" class="num">{ t!(words, "storage-size") }</th></tr></thead>
                <tbody>
                    { line(t!(words, "storage-drafts"), grouped(storage.n_drafts + storage.n_in_bin), storage.text_bytes) }
                    { line(t!(words, "storage-database"), String::new(), storage.database_bytes) }
                    { line(t!(words, "storage-files"), grouped(storage.files.here.n), storage.files.here.bytes) }
                    if storage.files.unused.n > 0 {
                        { line(t!(words, "storage-unused"), grouped(storage.files.unused.n), storage.files.unused.bytes) }
                    }
                    { line(t!(words, "storage-backups"), grouped(storage.n_backups), storage.backup_bytes) }
                    if storage.set_aside.n > 0 {
                        { line(t!(words, "storage-set-aside"), grouped(storage.set_aside.n), storage.set_aside.bytes) }
                    }
                </tbody>
                <tfoot>{ line(t!(words, "storage-all"), String::new(), on_disk(storage)) }</tfoot>
            </table>
            <p class="about">{ t!(words, "storage-more", n = storage.n_in_bin) }</p>
            <p class="about" data-testid="kept-twice">{ twice }</p>
            <Transfer />
            <Files sums={storage.files} />
            <div class="setting">
                <div class="what"><strong>{ t!(words, "backup-title") }</strong><span role="status" data-testid="backup-last">{ last }</span></div>
                <div class="buttons"><Button {label} disabled={props.busy} onclick={props.onbackup.clone()} testid="backup-now" /></div>
            </div>
            <Backups n={storage.n_backups} />
            <div class="setting">
                <div class="what"><strong>{ t!(words, "storage-folder") }</strong><span>{ t!(words, "storage-folder-more") }</span></div>
                <div class="buttons">
                    if shows_folder { <Button kind={ButtonKind::Quiet} icon="folder" label={t!(words, "show")} onclick={run("help.data_folder")} /> }
                    <Button icon="download" label={t!(words, "export")} onclick={run("app.export")} testid="storage-export" />
                </div>
            </div>
            <section class="section" aria-label={t!(words, "locks-title")}>
                <h2>{ t!(words, "locks-title") }</h2>
                <p class="about">{ t!(words, "locks-more") }</p>
                <ul class="locks">
                    <Lock is_set={storage.locks.keychain} name={t!(words, "lock-keychain")} />
                    <Lock is_set={storage.locks.passphrase} name={t!(words, "lock-passphrase")} />
                    <Lock is_set=true name={t!(words, "lock-recovery")} />
                </ul>
            </section>
        </div>
    }
}

fn on_disk(storage: &Storage) -> u64 {
    let files = storage.files.here.bytes + storage.files.unused.bytes;
    storage.database_bytes + storage.backup_bytes + storage.set_aside.bytes + files
}

#[derive(Properties, PartialEq)]
struct LockProps {
    is_set: bool,
    name: AttrValue,
}

#[component]
fn Lock(props: &LockProps) -> Html {
    let words = use_words();
    let (icon, said) = match props.is_set {
        true => ("check", t!(words, "lock-set")),
        false => ("minus", t!(words, "lock-not-set")),
    };
    html! { <li><Icon name={icon} /><span>{ props.name.clone() }</span><span class="quiet">{ said }</span></li> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;
    use stoa_domain::Timestamp;
    use stoa_ipc::{FileSum, Locks};

    fn drawn_of(storage: Storage) -> Html {
        html! { <Kept {storage} busy=false onbackup={Callback::noop()} /> }
    }

    fn draw() -> Html {
        drawn_of(Storage {
            n_drafts: 1_200,
            n_in_bin: 34,
            database_bytes: 5_000_000,
            last_backup_at: Some(Timestamp::from_millis(1)),
            locks: Locks {
                keychain: true,
                passphrase: false,
            },
            ..Storage::default()
        })
    }

    #[test]
    fn what_a_restore_put_aside_is_counted_once_there_is_any() {
        let words = crate::texts::Words::new("en");
        let named = words.get("storage-set-aside");
        assert!(!drawn("en", draw).contains(named.as_str()));
        let markup = drawn("en", || {
            drawn_of(Storage {
                set_aside: FileSum {
                    n: 2,
                    bytes: 7_000_000,
                },
                ..Storage::default()
            })
        });
        assert!(markup.contains(named.as_str()), "{markup}");
        // Beside it, and in the sum of all.
        assert_eq!(
            markup.matches("7.0 MB").count() + markup.matches("7 MB").count(),
            2
        );
    }

    #[test]
    fn counts_bytes_and_locks_are_named_in_both_languages() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, draw);
            assert!(
                markup.contains("1,234") && markup.contains("icon-minus"),
                "{markup}"
            );
            assert_eq!(markup.matches("icon-check").count(), 2, "{markup}");
            let once = crate::texts::Words::new(language).get("kept-once");
            assert!(markup.contains(once.as_str()), "{markup}");
        }
    }
}
